package sampledata

// About says in a sentence what a process lets happen; it is empty for a
// process that does not exist.
func About(process string) string {
	p, _ := processByName(process)
	return p.doc
}
