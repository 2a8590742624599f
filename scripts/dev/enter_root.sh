#!/bin/sh
# Runs a command in a root folder with the mounts of a machine. Call it in a new mount namespace.
#
#   unshare --mount --propagation private enter_root.sh [--bind FOLDER]... ROOT COMMAND...
#
# --bind mounts a folder of this machine at the same path.
set -eu

binds=
while [ "$1" = --bind ]; do
    binds="$binds $2"
    shift 2
done
root=$1
shift

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null || true
mount -t tmpfs -o mode=755 dev "$root/dev"
for node in null zero full random urandom tty; do
    touch "$root/dev/$node"
    mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir -p "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
for folder in $binds; do
    mkdir -p "$root$folder"
    mount --rbind "$folder" "$root$folder"
done
# Folders that a machine creates at its start.
mkdir -p "$root/tmp/.X11-unix"
chmod 1777 "$root/tmp/.X11-unix"
exec chroot "$root" "$@"
