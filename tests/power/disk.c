/*
 * What a disk holds after a loss of power, for tests: a library to preload (LD_PRELOAD) into a program on Linux.
 *
 *   POWER_ROOT      the folder whose loss is played (absolute, no links in it)
 *   POWER_SHADOW    a folder beside it, made by this library: `tree` is what a disk holds that did nothing but what it
 *                 was made to do by fsync; `inodes` holds the same contents by the number of the inode
 *   POWER_DELAY_US  how long fsync and fdatasync of a file take, so that the power can go while they do
 *   POWER_IGNORE    a file name for which fsync and fdatasync do nothing and say that it went well (to see a test fail)
 *
 * The model, as hostile as POSIX lets a file system be:
 *   - What is written to a file is on the disk after fsync or fdatasync of that file, in any process, and not before.
 *     sync_file_range, close and the end of the process put nothing on it. A length counts as content.
 *   - A name that is made, renamed or removed is on the disk after fsync of its folder, and not before: fsync of the
 *     file is not enough (ext4 is kinder). A folder made inside is there then, empty until it is synced itself.
 *   - fsync covers what was written before it was called, and nothing that is written meanwhile.
 * What a disk may have done of its own accord besides (any of the sectors and names that differ between the folder and
 * the shadow, in any order) is for the test to mix: both are there when the program has been killed.
 *
 * Not seen: writing through mmap, io_uring and raw system calls. sled 0.34.7 (without its feature io_uring), redb 4.6
 * and fjall 3.1 map no file and write with pwrite and write only; Rust's fs::copy goes by copy_file_range or sendfile,
 * and the first fsync of a file in a process copies all of it, so that nothing written elsewhere is missed.
 * Nothing is really synced: what dies here is a process, and the system lives on.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

struct range { off_t from, to; };

/* Ranges of a file that were written since it was synced. `whole` stands for all of it. */
struct file {
    ino_t inode;
    int ignored, whole;
    size_t count, room;
    struct range *ranges;
    /* Held while it is synced: who syncs it meanwhile waits, for what he wrote may be on its way. */
    pthread_mutex_t busy;
    struct file *next;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct file *files[4096];
static char root[PATH_MAX], shadow[PATH_MAX];
static const char *ignore_name;
static useconds_t delay_us;

__attribute__((constructor)) static void begin(void) {
    const char *a = getenv("POWER_ROOT"), *b = getenv("POWER_SHADOW");
    ignore_name = getenv("POWER_IGNORE");
    const char *delay = getenv("POWER_DELAY_US");
    delay_us = delay == NULL ? 0 : (useconds_t)atoi(delay);
    if (a == NULL || b == NULL) return;
    char path[PATH_MAX + 16];
    mkdir(b, 0700);
    snprintf(path, sizeof path, "%s/tree", b);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/inodes", b);
    mkdir(path, 0700);
    snprintf(shadow, sizeof shadow, "%s", b);
    snprintf(root, sizeof root, "%s", a);
}

static void fail(const char *what, const char *path) {
    fprintf(stderr, "power: cannot %s %s: %s\n", what, path, strerror(errno));
    abort();
}

/* The part of a path below the root, "" for the root itself, NULL for others. */
static const char *below(const char *path) {
    size_t length = strlen(root);
    if (length == 0 || strncmp(path, root, length) != 0) return NULL;
    if (path[length] == 0) return path + length;
    return path[length] == '/' ? path + length + 1 : NULL;
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return -1;
    path[length] = 0;
    return 0;
}

static void inode_path(ino_t inode, char *path) { snprintf(path, PATH_MAX + 64, "%s/inodes/%lu", shadow, (unsigned long)inode); }

static struct file *find(ino_t inode) {
    for (struct file *file = files[inode % 4096]; file != NULL; file = file->next)
        if (file->inode == inode) return file;
    return NULL;
}

/* Called with the descriptor of a file that was just opened. `fresh`: it did not exist before. */
static void opened(int fd, int fresh, int truncated) {
    int before = errno;
    char path[PATH_MAX];
    struct stat stat;
    if (root[0] == 0 || fd < 0 || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) goto out;
    if (path_of(fd, path) != 0 || below(path) == NULL) goto out;
    pthread_mutex_lock(&mutex);
    struct file *file = find(stat.st_ino);
    if (file == NULL) {
        file = calloc(1, sizeof *file);
        file->inode = stat.st_ino;
        file->whole = 1;
        pthread_mutex_init(&file->busy, NULL);
        file->next = files[stat.st_ino % 4096];
        files[stat.st_ino % 4096] = file;
    }
    const char *name = strrchr(path, '/') + 1;
    file->ignored = ignore_name != NULL && strcmp(name, ignore_name) == 0;
    if (fresh) {
        /* The number may have been another file's, whose content stays where its names are. */
        char old[PATH_MAX + 64];
        inode_path(stat.st_ino, old);
        REAL(unlink)(old);
    }
    if (fresh || truncated) {
        file->whole = 1;
        file->count = 0;
    }
    pthread_mutex_unlock(&mutex);
out:
    errno = before;
}

static void dirty(int fd, off_t from, off_t to) {
    int before = errno;
    struct stat stat;
    if (root[0] == 0 || from >= to || fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) goto out;
    pthread_mutex_lock(&mutex);
    struct file *file = find(stat.st_ino);
    if (file != NULL && !file->whole) {
        struct range *last = file->count ? &file->ranges[file->count - 1] : NULL;
        if (last != NULL && from <= last->to && to >= last->from) {
            if (from < last->from) last->from = from;
            if (to > last->to) last->to = to;
        } else {
            if (file->count == file->room) {
                file->room = file->room ? 2 * file->room : 16;
                file->ranges = realloc(file->ranges, file->room * sizeof *file->ranges);
            }
            file->ranges[file->count++] = (struct range){from, to};
        }
    }
    pthread_mutex_unlock(&mutex);
out:
    errno = before;
}

/* Copies a range from the file to what the disk holds of it. */
static void copy(int from, int to, off_t at, off_t end, const char *path) {
    static __thread char buffer[1 << 16];
    while (at < end) {
        size_t want = end - at < (off_t)sizeof buffer ? (size_t)(end - at) : sizeof buffer;
        ssize_t got = pread(from, buffer, want, at);
        if (got < 0) fail("read", path);
        if (got == 0) return;
        for (ssize_t done = 0; done < got;) {
            ssize_t wrote = REAL(pwrite)(to, buffer + done, got - done, at + done);
            if (wrote < 0) fail("write", path);
            done += wrote;
        }
        at += got;
    }
}

static void sync_file(int fd, const struct stat *stat) {
    char at[PATH_MAX + 64], self[64];
    pthread_mutex_lock(&mutex);
    struct file *file = find(stat->st_ino);
    pthread_mutex_unlock(&mutex);
    if (file == NULL || file->ignored) return;
    pthread_mutex_lock(&file->busy);
    /* What is written from here on is not covered. */
    pthread_mutex_lock(&mutex);
    int whole = file->whole;
    size_t count = file->count;
    struct range *ranges = file->ranges;
    file->whole = 0;
    file->count = file->room = 0;
    file->ranges = NULL;
    pthread_mutex_unlock(&mutex);
    if (delay_us > 0) usleep(delay_us);
    inode_path(stat->st_ino, at);
    /* The descriptor may be one that only writes. */
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    int from = REAL(open)(self, O_RDONLY | O_CLOEXEC), to = REAL(open)(at, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (from < 0 || to < 0) fail("sync", at);
    struct stat now;
    if (fstat(from, &now) != 0 || REAL(ftruncate)(to, now.st_size) != 0) fail("sync", at);
    if (whole) copy(from, to, 0, now.st_size, at);
    for (size_t n = 0; !whole && n < count; n++) copy(from, to, ranges[n].from, ranges[n].to, at);
    free(ranges);
    REAL(close)(from);
    REAL(close)(to);
    pthread_mutex_unlock(&file->busy);
}

static void remove_all(const char *path) {
    DIR *folder = opendir(path);
    if (folder == NULL) {
        REAL(unlink)(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char inside[PATH_MAX + 260];
        snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        remove_all(inside);
    }
    closedir(folder);
    rmdir(path);
}

/* Gives the shadow of a folder the names that the folder has. */
static void sync_folder(const char *path) {
    const char *rest = below(path);
    char tree[2 * PATH_MAX];
    if (rest == NULL) return;
    snprintf(tree, sizeof tree, "%s/tree/%s", shadow, rest);
    pthread_mutex_lock(&mutex);
    DIR *folder = opendir(tree);
    if (folder == NULL) {
        /* Nothing leads to it yet on the disk. */
        pthread_mutex_unlock(&mutex);
        return;
    }
    char inside[2 * PATH_MAX + 260], there[PATH_MAX + 260], at[PATH_MAX + 64];
    struct stat is, was, kept;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(there, sizeof there, "%s/%s", path, entry->d_name);
        snprintf(inside, sizeof inside, "%s/%s", tree, entry->d_name);
        if (lstat(there, &is) != 0) remove_all(inside);
    }
    closedir(folder);
    folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(there, sizeof there, "%s/%s", path, entry->d_name);
        snprintf(inside, sizeof inside, "%s/%s", tree, entry->d_name);
        if (lstat(there, &is) != 0) continue;
        if (S_ISDIR(is.st_mode)) {
            mkdir(inside, 0700);
            continue;
        }
        if (!S_ISREG(is.st_mode)) continue;
        inode_path(is.st_ino, at);
        if (stat(at, &kept) != 0) {
            /* A name without content. */
            int made = REAL(open)(at, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
            if (made < 0 || fstat(made, &kept) != 0) fail("make", at);
            REAL(close)(made);
        }
        if (lstat(inside, &was) == 0) {
            if (was.st_ino == kept.st_ino) continue;
            remove_all(inside);
        }
        if (link(at, inside) != 0) fail("name", inside);
    }
    if (folder != NULL) closedir(folder);
    pthread_mutex_unlock(&mutex);
}

static int synced(int fd) {
    struct stat stat;
    char path[PATH_MAX];
    if (fstat(fd, &stat) != 0) return -1;
    if (root[0] == 0) return 0;
    int before = errno;
    if (S_ISREG(stat.st_mode)) sync_file(fd, &stat);
    if (S_ISDIR(stat.st_mode) && path_of(fd, path) == 0) sync_folder(path);
    errno = before;
    return 0;
}

int fsync(int fd) { return synced(fd); }
int fdatasync(int fd) { return synced(fd); }

static int open_as(const char *name, int at, const char *path, int flags, mode_t mode) {
    struct stat stat;
    int fresh = (flags & O_CREAT) != 0 && fstatat(at, path, &stat, 0) != 0;
    __typeof__(&openat) do_open = (__typeof__(&openat))real(name);
    int fd = do_open(at, path, flags, mode);
    opened(fd, fresh, (flags & O_TRUNC) != 0);
    return fd;
}

#define MODE mode_t mode = 0; if (flags & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }
int open(const char *path, int flags, ...) { MODE return open_as("openat", AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return open_as("openat64", AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return open_as("openat", at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return open_as("openat64", at, path, flags, mode); }

#define PWRITE(name, offset) \
    ssize_t name(int fd, const void *bytes, size_t count, offset at) { \
        ssize_t done = REAL(name)(fd, bytes, count, at); \
        if (done > 0) dirty(fd, at, at + done); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PWRITEV(name, offset) \
    ssize_t name(int fd, const struct iovec *parts, int count, offset at) { \
        ssize_t done = REAL(name)(fd, parts, count, at); \
        if (done > 0) dirty(fd, at, at + done); \
        return done; \
    }
PWRITEV(pwritev, off_t)
PWRITEV(pwritev64, off64_t)

static ssize_t appended(int fd, ssize_t done) {
    int before = errno;
    if (done > 0 && root[0] != 0) {
        off_t at = lseek(fd, 0, SEEK_CUR);
        if (at >= done) dirty(fd, at - done, at);
    }
    errno = before;
    return done;
}
ssize_t write(int fd, const void *bytes, size_t count) { return appended(fd, REAL(write)(fd, bytes, count)); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return appended(fd, REAL(writev)(fd, parts, count)); }

/* A new length: what lies between it and the old one has changed. */
#define RESIZE(name, offset) \
    int name(int fd, offset length) { \
        struct stat before; \
        int known = fstat(fd, &before) == 0; \
        int done = REAL(name)(fd, length); \
        if (done == 0 && known && before.st_size > length) dirty(fd, length, before.st_size); \
        if (done == 0 && known && before.st_size < length) dirty(fd, before.st_size, length); \
        return done; \
    }
RESIZE(ftruncate, off_t)
RESIZE(ftruncate64, off64_t)

#define ALLOCATE(name, offset) \
    int name(int fd, offset at, offset length) { \
        int done = REAL(name)(fd, at, length); \
        if (done == 0) dirty(fd, at, at + length); \
        return done; \
    }
ALLOCATE(posix_fallocate, off_t)
ALLOCATE(posix_fallocate64, off64_t)

int fallocate(int fd, int mode, off_t at, off_t length) {
    int done = REAL(fallocate)(fd, mode, at, length);
    if (done == 0) dirty(fd, 0, LLONG_MAX);
    return done;
}
int fallocate64(int fd, int mode, off64_t at, off64_t length) {
    int done = REAL(fallocate64)(fd, mode, at, length);
    if (done == 0) dirty(fd, 0, LLONG_MAX);
    return done;
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags) {
    ssize_t done = REAL(copy_file_range)(from, from_at, to, to_at, length, flags);
    if (done > 0) dirty(to, 0, LLONG_MAX);
    return done;
}
