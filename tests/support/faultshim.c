/* Makes the disk fail, or the process die, at the n-th thing it does to the files of one folder.
 *
 * Loaded in front of libc (LD_PRELOAD) by tests/support/faults.py. It watches the calls with which Python and SQLCipher
 * change files; a call that has nothing to do with the armed folder, or changes nothing, goes by uncounted. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum mode {
    OFF, KILL_BEFORE, KILL_AFTER, TORN, EIO_ONCE, EIO_ON, LIED, FULL_ON, READ_ONLY, RANDOM, NO_FILES,
};

/* What is to be done with a call. */
enum verdict { PASS, REFUSE, PERFORM_AND_REFUSE, HALF_AND_REFUSE, HALF_AND_DIE, PERFORM_AND_DIE };

enum kind { WRITE = 1, SYNC = 2, RENAME = 4, UNLINK = 8, CREATE = 16, OPEN = 32, TRUNCATE = 64, FOLDER = 128 };

enum { STEPS = 1 << 14, NAME = 64 };

/* Shared with the children of a fork, so that a parent can read what happened to a child that is dead. */
static struct shared {
    long count, matched, fired;
    char names[STEPS][NAME];
} *seen;

static char prefix[PATH_MAX], only[NAME];
static size_t prefix_length;
static enum mode mode;
static long target, kill_after_fault, span;
static uint64_t dice;
static int trace = -1;

__attribute__((constructor)) static void begin(void) {
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (seen == MAP_FAILED)
        abort();
}

#define REAL(name, type)                                  \
    static __typeof__(type) real;                         \
    if (!real)                                            \
        real = (__typeof__(type))dlsym(RTLD_NEXT, name)

void fault_arm(const char *folder, long n, int how) {
    prefix_length = strlen(folder);
    memcpy(prefix, folder, prefix_length + 1);
    target = n;
    mode = how;
    kill_after_fault = 0;
    span = LONG_MAX;
    only[0] = 0;
    dice = 0x9E3779B97F4A7C15u * (uint64_t)(n + 1);
    seen->count = seen->matched = seen->fired = 0;
}

/* The n-th step of this name is meant, for example "unlink anchor". */
void fault_only(const char *where) { snprintf(only, sizeof only, "%s", where); }

/* After the fault, the k-th thing done to the folder kills. */
void fault_then_kill(long k) { kill_after_fault = k; }

/* A lasting fault lasts for so many steps; of the random ones there is one in so many steps. */
void fault_span(long k) { span = k; }

/* Writes down everything that is done to the folder, for replaying it; -1 stops. */
void fault_trace(const char *folder, int descriptor) {
    prefix_length = strlen(folder);
    memcpy(prefix, folder, prefix_length + 1);
    trace = descriptor;
}

void fault_disarm(void) { mode = OFF; }
long fault_count(void) { return seen->count; }
long fault_fired(void) { return seen->fired; }
const char *fault_name(long n) { return n >= 1 && n <= seen->count && n <= STEPS ? seen->names[n - 1] : ""; }

static int inside(const char *path) {
    return prefix_length && strncmp(path, prefix, prefix_length) == 0 &&
           (path[prefix_length] == '/' || path[prefix_length] == 0);
}

static int path_of(int fd, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return inside(path);
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;)
        pause();
}

static int eligible(enum kind kind, int grows) {
    if (mode == OFF)
        return 0;
    if (mode == TORN)
        return kind == WRITE;
    if (mode == FULL_ON)
        return grows && kind != CREATE;
    if (mode == NO_FILES)
        return grows && kind != WRITE;
    if (mode == READ_ONLY)
        return kind != SYNC;
    return kind != OPEN;
}

static const char *name_of(enum kind kind) {
    switch (kind) {
    case WRITE: return "write";
    case SYNC: return "sync";
    case RENAME: return "rename";
    case UNLINK: return "unlink";
    case CREATE: return "create";
    case OPEN: return "open";
    case TRUNCATE: return "truncate";
    default: return "folder";
    }
}

static int tossed(void) {
    dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
    return dice % (uint64_t)span == 0;
}

static void name_step(char *name, enum kind kind, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    /* a vault's id is another one each time */
    int is_id = strlen(base) == 32 && strspn(base, "0123456789abcdef") == 32;
    /* and so is the name of an unfinished copy */
    int is_copy = strncmp(base, ".ongemerkt-", 11) == 0;
    /* and that of a jot, but for what follows it */
    size_t digits = strspn(base, "0123456789abcdef");
    int is_jot = digits == 16 && (!base[16] || base[16] == '.');
    snprintf(name, NAME, "%s %s%.40s", name_of(kind), is_jot ? "jot" : "",
             is_id ? "anchor folder" : is_copy ? "unfinished" : is_jot ? base + 16 : base);
}

static enum verdict verdict(enum kind kind, const char *path, int grows) {
    char name[NAME];
    if (!eligible(kind, grows))
        return PASS;
    name_step(name, kind, path);
    long at = ++seen->count;
    if (at <= STEPS)
        memcpy(seen->names[at - 1], name, NAME);
    if (kill_after_fault && seen->fired && at == seen->fired + kill_after_fault)
        die();
    int meant = (!only[0] || strcmp(only, name) == 0) && ++seen->matched == target;
    int hit = mode == RANDOM ? tossed() : meant;
    int goes_on = mode == EIO_ON || mode == FULL_ON || mode == NO_FILES || mode == READ_ONLY;
    if (!hit && !(goes_on && seen->fired && at - seen->fired < span))
        return PASS;
    if (!seen->fired)
        seen->fired = at;
    switch (mode) {
    case KILL_BEFORE: die(); return PASS;
    case KILL_AFTER: return PERFORM_AND_DIE;
    case TORN: return HALF_AND_DIE;
    case LIED: return PERFORM_AND_REFUSE;
    case RANDOM: return dice >> 40 & 1 ? PERFORM_AND_REFUSE : kind == WRITE ? HALF_AND_REFUSE : REFUSE;
    case READ_ONLY: return REFUSE;
    default: return kind == WRITE ? HALF_AND_REFUSE : REFUSE;
    }
}

static int why(void) { return mode == FULL_ON || mode == NO_FILES ? ENOSPC : mode == READ_ONLY ? EROFS : EIO; }

static void note(enum kind kind, const char *path, const char *other, long offset, const void *data, size_t length) {
    if (trace < 0)
        return;
    int kept = errno;
    char head[2 * PATH_MAX + 64];
    int size = snprintf(head, sizeof head, "%s %ld %zu\n%s\n%s\n", name_of(kind), offset, length, path, other);
    if (syscall(SYS_write, trace, head, (size_t)size) != size ||
        (length && syscall(SYS_write, trace, data, length) != (long)length))
        abort();
    errno = kept;
}

/* Does `call` as the verdict says, with `half` in its place for a torn write. */
#define ACT(decision, call, half)                         \
    do {                                                  \
        switch (decision) {                               \
        case PASS: result = (call); break;                \
        case HALF_AND_REFUSE: (void)!(half); /* fall through */ \
        case REFUSE: errno = why(); return -1;            \
        case PERFORM_AND_REFUSE: (void)!(call); errno = why(); return -1; \
        case HALF_AND_DIE: (void)!(half); die(); return -1; \
        default: (void)!(call); die(); return -1;         \
        }                                                 \
    } while (0)

typedef ssize_t (*pwrite_call)(int, const void *, size_t, off_t);

static ssize_t put(pwrite_call real, int fd, const void *data, size_t length, off_t offset) {
    char path[PATH_MAX];
    ssize_t result;
    if ((mode == OFF && trace < 0) || !length || !path_of(fd, path))
        return real(fd, data, length, offset);
    struct stat now;
    int grows = fstat(fd, &now) == 0 && offset + (off_t)length > now.st_size;
    ACT(verdict(WRITE, path, grows), real(fd, data, length, offset), real(fd, data, length / 2, offset));
    if (result > 0)
        note(WRITE, path, "", offset, data, (size_t)result);
    return result;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    REAL("pwrite", pwrite_call);
    return put(real, fd, data, length, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) {
    REAL("pwrite64", pwrite_call);
    return put(real, fd, data, length, offset);
}

ssize_t write(int fd, const void *data, size_t length) {
    REAL("write", ssize_t(*)(int, const void *, size_t));
    char path[PATH_MAX];
    ssize_t result;
    if ((mode == OFF && trace < 0) || !length || !path_of(fd, path))
        return real(fd, data, length);
    off_t offset = lseek(fd, 0, SEEK_CUR);
    struct stat now;
    int grows = fstat(fd, &now) == 0 && offset + (off_t)length > now.st_size;
    ACT(verdict(WRITE, path, grows), real(fd, data, length), real(fd, data, length / 2));
    if (result > 0)
        note(WRITE, path, "", offset, data, (size_t)result);
    return result;
}

static int synced(int (*real)(int), int fd) {
    char path[PATH_MAX];
    int result;
    if ((mode == OFF && trace < 0) || !path_of(fd, path))
        return real(fd);
    ACT(verdict(SYNC, path, 0), real(fd), 0);
    note(SYNC, path, "", 0, NULL, 0);
    return result;
}

int fsync(int fd) {
    REAL("fsync", int (*)(int));
    return synced(real, fd);
}

int fdatasync(int fd) {
    REAL("fdatasync", int (*)(int));
    return synced(real, fd);
}

int rename(const char *from, const char *to) {
    REAL("rename", int (*)(const char *, const char *));
    int result;
    if ((mode == OFF && trace < 0) || !inside(to))
        return real(from, to);
    ACT(verdict(RENAME, from, 0), real(from, to), 0);
    if (result == 0)
        note(RENAME, from, to, 0, NULL, 0);
    return result;
}

static int there(const char *path) { return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0; }

int access(const char *path, int wish) {
    if (mode == READ_ONLY && wish & W_OK && inside(path)) {
        errno = EROFS;
        return -1;
    }
    return (int)syscall(SYS_faccessat, AT_FDCWD, path, wish);
}

int faccessat(int folder, const char *path, int wish, int flags) {
    REAL("faccessat", int (*)(int, const char *, int, int));
    return folder == AT_FDCWD && !flags ? access(path, wish) : real(folder, path, wish, flags);
}

int unlink(const char *path) {
    REAL("unlink", int (*)(const char *));
    int result;
    /* a read-only disk refuses without looking whether there is anything to unlink */
    if ((mode == OFF && trace < 0) || !inside(path) || (mode != READ_ONLY && !there(path)))
        return real(path);
    ACT(verdict(UNLINK, path, 0), real(path), 0);
    if (result == 0)
        note(UNLINK, path, "", 0, NULL, 0);
    return result;
}

int rmdir(const char *path) {
    REAL("rmdir", int (*)(const char *));
    int result;
    if ((mode == OFF && trace < 0) || !inside(path) || !there(path))
        return real(path);
    ACT(verdict(UNLINK, path, 0), real(path), 0);
    if (result == 0)
        note(UNLINK, path, "folder", 0, NULL, 0);
    return result;
}

int mkdir(const char *path, mode_t rights) {
    REAL("mkdir", int (*)(const char *, mode_t));
    int result;
    if ((mode == OFF && trace < 0) || !inside(path) || there(path))
        return real(path, rights);
    ACT(verdict(FOLDER, path, 1), real(path, rights), 0);
    if (result == 0)
        note(FOLDER, path, "", 0, NULL, 0);
    return result;
}

static int cut(int (*real)(int, off_t), int fd, off_t length) {
    char path[PATH_MAX];
    int result;
    if ((mode == OFF && trace < 0) || !path_of(fd, path))
        return real(fd, length);
    ACT(verdict(TRUNCATE, path, 0), real(fd, length), 0);
    if (result == 0)
        note(TRUNCATE, path, "", length, NULL, 0);
    return result;
}

int ftruncate(int fd, off_t length) {
    REAL("ftruncate", int (*)(int, off_t));
    return cut(real, fd, length);
}

int ftruncate64(int fd, off_t length) {
    REAL("ftruncate64", int (*)(int, off_t));
    return cut(real, fd, length);
}

typedef int (*open_call)(int, const char *, int, mode_t);

static int opened(open_call real, int folder, const char *path, int flags, mode_t rights) {
    int result;
    int writes = (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);
    if ((mode == OFF && trace < 0) || !writes || !inside(path))
        return real(folder, path, flags, rights);
    int makes = flags & O_CREAT && !there(path);
    enum kind kind = makes || flags & O_TRUNC ? CREATE : OPEN;
    enum verdict decision = verdict(kind, path, makes);
    if (decision == PERFORM_AND_REFUSE)
        close(real(folder, path, flags, rights));
    if (decision == PERFORM_AND_REFUSE || decision == REFUSE) {
        errno = why();
        return -1;
    }
    result = real(folder, path, flags, rights);
    if (decision == PERFORM_AND_DIE)
        die();
    if (result >= 0 && kind == CREATE)
        note(CREATE, path, "", 0, NULL, 0);
    return result;
}

static mode_t rights_in(int flags, va_list arguments) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

static int by_openat(int folder, const char *path, int flags, mode_t rights) {
    return (int)syscall(SYS_openat, folder, path, flags, rights);
}

#define OPEN_LIKE(name)                                   \
    int name(const char *path, int flags, ...) {          \
        va_list arguments;                                \
        va_start(arguments, flags);                       \
        mode_t rights = rights_in(flags, arguments);      \
        va_end(arguments);                                \
        return opened(by_openat, AT_FDCWD, path, flags, rights); \
    }

#define OPENAT_LIKE(name)                                 \
    int name(int folder, const char *path, int flags, ...) { \
        va_list arguments;                                \
        va_start(arguments, flags);                       \
        mode_t rights = rights_in(flags, arguments);      \
        va_end(arguments);                                \
        return opened(by_openat, folder, path, flags, rights); \
    }

OPEN_LIKE(open)
OPEN_LIKE(open64)
OPENAT_LIKE(openat)
OPENAT_LIKE(openat64)
