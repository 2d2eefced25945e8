// Fails the n-th write, flush or rename of a file below one folder: loaded before
// the C library (LD_PRELOAD), it stands between the engine and the kernel.
//
//	FAULT_DIR    the folder, without its last slash
//	FAULT_AT     which call fails, from 1; 0 is, while there is a file FAULT_WHILE,
//	             every one of a file whose name ends in .db
//	FAULT_ERRNO  with what
//
// It says on stderr what it failed. Calls that Go itself makes go past it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *dir;
static size_t dir_length;
static long at;
static const char *file;
static int with;
static atomic_long seen;

__attribute__((constructor)) static void begin(void) {
	dir = getenv("FAULT_DIR");
	const char *n = getenv("FAULT_AT"), *e = getenv("FAULT_ERRNO");
	file = getenv("FAULT_WHILE");
	if (dir && n && e) {
		dir_length = strlen(dir), at = atol(n), with = atoi(e);
	}
}

static int its_turn(const char *path) {
	size_t n = strlen(path);
	if (at) {
		return atomic_fetch_add(&seen, 1) + 1 == at;
	}
	return file && n > 3 && strcmp(path + n - 3, ".db") == 0 && access(file, F_OK) == 0;
}

static int fails_path(const char *what, const char *path) {
	if (!dir_length || strncmp(path, dir, dir_length) != 0 || path[dir_length] != '/' || !its_turn(path)) {
		return 0;
	}
	dprintf(2, "fault: %s %s\n", what, path + dir_length + 1);
	errno = with;
	return 1;
}

static int fails(const char *what, int fd) {
	char link[64], path[4096];
	if (!dir_length) {
		return 0;
	}
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof path - 1);
	if (n < 0) {
		return 0;
	}
	path[n] = 0;
	return fails_path(what, path);
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *b, size_t n) { REAL(write); return fails("write", fd) ? -1 : real(fd, b, n); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { REAL(pwrite); return fails("write", fd) ? -1 : real(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { REAL(pwrite64); return fails("write", fd) ? -1 : real(fd, b, n, o); }
int fsync(int fd) { REAL(fsync); return fails("flush", fd) ? -1 : real(fd); }
int fdatasync(int fd) { REAL(fdatasync); return fails("flush", fd) ? -1 : real(fd); }
int rename(const char *from, const char *to) { REAL(rename); return fails_path("rename", from) ? -1 : real(from, to); }
