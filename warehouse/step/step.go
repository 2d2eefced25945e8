// Package step names the moments between which the files of a database change,
// so that a test can end the process at each of them and look at what is left.
//
// Only tests set Hook; the program never does.
package step

// Hook is called at every step with its name. It must be set before the first
// step and not be changed after it.
var Hook func(name string)

// At says that the step called name is reached.
func At(name string) {
	if Hook != nil {
		Hook(name)
	}
}
