/* Calls of libc that fail on purpose, for tests/stores/test_fault_sweep.py. Loaded by LD_PRELOAD; Linux and glibc.

   fail_at() arms one fault: the number-th call of a group of functions on a path below a directory fails with an errno,
   and if it is lasting, each one after it, until fail_never(). calls_counted() tells how many calls were made since, and
   calls_failed() how many of them failed. A group is an operation of file systems, or several, parted by commas; "alter"
   is to open a file for writing, "lock" is POSIX's locks, which SQLite takes, and "flock" those of filelock. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char below[PATH_MAX], groups[64];
static int number, error, is_lasting;
static atomic_int is_armed, counted, failed;

void fail_at(const char *of, const char *directory, int at, int with, int lasts)
{
    atomic_store(&is_armed, 0);
    snprintf(groups, sizeof groups, "%s", of);
    snprintf(below, sizeof below, "%s", directory);
    number = at, error = with, is_lasting = lasts;
    atomic_store(&counted, 0);
    atomic_store(&failed, 0);
    atomic_store(&is_armed, 1);
}

void fail_never(void) { atomic_store(&is_armed, 0); }
int calls_counted(void) { return atomic_load(&counted); }
int calls_failed(void) { return atomic_load(&failed); }

static int is_armed_for(const char *of)
{
    size_t length = strlen(of);
    for (const char *at = groups; (at = strstr(at, of)); at += length)
        if ((at == groups || at[-1] == ',') && (!at[length] || at[length] == ','))
            return 1;
    return 0;
}

static int path_fails(const char *of, const char *path)
{
    if (!atomic_load(&is_armed) || !is_armed_for(of) || !path || strncmp(path, below, strlen(below)))
        return 0;
    int now = atomic_fetch_add(&counted, 1) + 1;
    if (now != number && !(is_lasting && now > number))
        return 0;
    atomic_fetch_add(&failed, 1);
    errno = error;
    return 1;
}

static int handle_fails(const char *of, int handle)
{
    char link[64], path[PATH_MAX];
    if (!atomic_load(&is_armed) || !is_armed_for(of))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return path_fails(of, path);
}

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int open_fails(const char *path, int flags)
{
    int alters = flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
    return path_fails("open", path) || (alters && path_fails("alter", path));
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \
        return open_fails(path, flags) ? -1 : real(path, flags, mode); }
OPEN(open) OPEN(open64)

#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) { \
        REAL(int, #name, int, const char *, int, ...); \
        va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \
        return open_fails(path, flags) ? -1 : real(at, path, flags, mode); }
OPENAT(openat) OPENAT(openat64)

DIR *opendir(const char *path)
{
    REAL(DIR *, "opendir", const char *);
    return path_fails("open", path) ? NULL : real(path);
}

#define ON_HANDLE(of, result, name, parameters, arguments, ...) \
    result name parameters { REAL(result, #name, __VA_ARGS__); return handle_fails(of, handle) ? -1 : real arguments; }
ON_HANDLE("read", ssize_t, read, (int handle, void *to, size_t n), (handle, to, n), int, void *, size_t)
ON_HANDLE("read", ssize_t, pread, (int handle, void *to, size_t n, off_t at), (handle, to, n, at), int, void *, size_t, off_t)
ON_HANDLE("read", ssize_t, pread64, (int handle, void *to, size_t n, off64_t at), (handle, to, n, at), int, void *, size_t, off64_t)
ON_HANDLE("write", ssize_t, write, (int handle, const void *from, size_t n), (handle, from, n), int, const void *, size_t)
ON_HANDLE("write", ssize_t, pwrite, (int handle, const void *from, size_t n, off_t at), (handle, from, n, at), int, const void *, size_t, off_t)
ON_HANDLE("write", ssize_t, pwrite64, (int handle, const void *from, size_t n, off64_t at), (handle, from, n, at), int, const void *, size_t, off64_t)
ON_HANDLE("sync", int, fsync, (int handle), (handle), int)
ON_HANDLE("sync", int, fdatasync, (int handle), (handle), int)
ON_HANDLE("truncate", int, ftruncate, (int handle, off_t to), (handle, to), int, off_t)
ON_HANDLE("truncate", int, ftruncate64, (int handle, off64_t to), (handle, to), int, off64_t)
ON_HANDLE("stat", int, fstat, (int handle, struct stat *to), (handle, to), int, struct stat *)
ON_HANDLE("stat", int, fstat64, (int handle, struct stat64 *to), (handle, to), int, struct stat64 *)
ON_HANDLE("flock", int, flock, (int handle, int operation), (handle, operation), int, int)

#define FCNTL(name) \
    int name(int handle, int command, ...) { \
        REAL(int, #name, int, int, ...); \
        va_list rest; va_start(rest, command); void *argument = va_arg(rest, void *); va_end(rest); \
        int is_lock = (command == F_SETLK || command == F_SETLKW) && ((struct flock *)argument)->l_type != F_UNLCK; \
        return is_lock && handle_fails("lock", handle) ? -1 : real(handle, command, argument); }
FCNTL(fcntl) FCNTL(fcntl64)

#define MMAP(name, offset) \
    void *name(void *to, size_t n, int protection, int flags, int handle, offset at) { \
        REAL(void *, #name, void *, size_t, int, int, int, offset); \
        return handle >= 0 && handle_fails("mmap", handle) ? MAP_FAILED : real(to, n, protection, flags, handle, at); }
MMAP(mmap, off_t) MMAP(mmap64, off64_t)

#define ON_PATH(of, name, parameters, arguments, ...) \
    int name parameters { REAL(int, #name, __VA_ARGS__); return path_fails(of, path) ? -1 : real arguments; }
ON_PATH("rename", rename, (const char *path, const char *to), (path, to), const char *, const char *)
ON_PATH("unlink", unlink, (const char *path), (path), const char *)
ON_PATH("unlink", rmdir, (const char *path), (path), const char *)
ON_PATH("mkdir", mkdir, (const char *path, mode_t mode), (path, mode), const char *, mode_t)
ON_PATH("stat", access, (const char *path, int mode), (path, mode), const char *, int)
ON_PATH("stat", stat, (const char *path, struct stat *to), (path, to), const char *, struct stat *)
ON_PATH("stat", stat64, (const char *path, struct stat64 *to), (path, to), const char *, struct stat64 *)
ON_PATH("stat", lstat, (const char *path, struct stat *to), (path, to), const char *, struct stat *)
ON_PATH("stat", lstat64, (const char *path, struct stat64 *to), (path, to), const char *, struct stat64 *)
ON_PATH("stat", fstatat, (int at, const char *path, struct stat *to, int flags), (at, path, to, flags), int, const char *, struct stat *, int)
ON_PATH("stat", fstatat64, (int at, const char *path, struct stat64 *to, int flags), (at, path, to, flags), int, const char *, struct stat64 *, int)
