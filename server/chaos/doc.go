// Package chaos ends Credence at the worst moments and looks at what is left.
//
// Its tests run the real program as a process of its own, kill it (SIGKILL) at
// random moments and at every step of what it does to its files, fill its disk,
// damage its files, and then ask every invariant, whether everything that was
// acknowledged is there, and whether the database can still be written. They
// prove nothing about power failures: a killed process loses no page that the
// kernel has.
//
// go test runs a short form, which fills a disk only where it may mount one; make
// chaos the long one, on the built binary. The environment says which:
//
//	CHAOS=long         the long form; what cannot be run then fails
//	CHAOS_BINARY=PATH  the program to kill; default is this test's own copy
//	CHAOS_SEED=N       of the random moments; default 1
//	CHAOS_CALLS=N      how many calls of the engine fail; default 200
package chaos
