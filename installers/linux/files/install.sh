#!/bin/sh
# Installs Workdiary for the user who runs it. Options: [--prefix DIR] [--quiet]
set -eu

prefix=$HOME/.local
quiet=no
while [ $# -gt 0 ]; do
    case $1 in
        --prefix)
            [ $# -gt 1 ] || { echo "install: --prefix needs a folder" >&2; exit 2; }
            prefix=$2
            shift
            ;;
        --quiet) quiet=yes ;;
        *) echo "usage: install.sh [--prefix DIR] [--quiet]" >&2; exit 2 ;;
    esac
    shift
done
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac

here=$(cd "$(dirname "$0")" && pwd)
root=$prefix/lib/workdiary
version=$(cat "$here/version")
target=$root/versions/$version
program=$root/current/workdiary

# A new version that does not work here must not replace the old one.
report=$(mktemp)
trap 'rm -f "$report"' EXIT
if ! "$here/workdiary/workdiary" --selftest --report "$report"; then
    echo "install: the program does not work on this computer; nothing was changed:" >&2
    cat "$report" >&2
    exit 1
fi

if [ -x "$program" ]; then
    # Another status is that of a program that cannot start: it does not block its repair.
    "$program" quit || [ $? -ne 1 ] ||
        { echo "install: Workdiary is still running; quit it first" >&2; exit 1; }
fi
mkdir -p "$root/versions" "$prefix/bin" "$prefix/share/applications" \
    "$prefix/share/icons/hicolor/scalable/apps"
# The layout in which the program updates itself: a folder for each version, and a link to the one
# that starts. Discard an update that an earlier installation has prepared.
rm -rf "$root/new" "$root/old" "$root/updates/state.json"
cp -R "$here/workdiary" "$root/new"
cp "$here/THIRD_PARTY_LICENSES" "$root/new/"
[ ! -e "$target" ] || mv "$target" "$root/old"
mv "$root/new" "$target"
ln -sfn "versions/$version" "$root/current.new"
mv -fT "$root/current.new" "$root/current"
rm -rf "$root/old"
cp "$here/uninstall.sh" "$root/uninstall.sh"
ln -sf "$program" "$prefix/bin/workdiary"
cp "$here/workdiary.svg" "$prefix/share/icons/hicolor/scalable/apps/"
sed "s|^Exec=.*|Exec=\"$program\"|" "$here/workdiary.desktop" \
    >"$prefix/share/applications/workdiary.desktop"

if [ $quiet = no ]; then
    echo "Workdiary is installed. Start it from the menu, or run $prefix/bin/workdiary"
    echo "To remove it, run $root/uninstall.sh"
fi
