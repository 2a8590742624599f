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
target=$prefix/lib/workdiary

# A new version that does not work here must not replace the old one.
report=$(mktemp)
trap 'rm -f "$report"' EXIT
if ! "$here/workdiary/workdiary" --selftest --report "$report"; then
    echo "install: the program does not work on this computer; nothing was changed:" >&2
    cat "$report" >&2
    exit 1
fi

if [ -x "$target/workdiary" ]; then
    "$target/workdiary" quit || { echo "install: Workdiary is still running; quit it first" >&2; exit 1; }
fi
mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share/applications" \
    "$prefix/share/icons/hicolor/scalable/apps"
rm -rf "$target.new" "$target.old"
cp -R "$here/workdiary" "$target.new"
cp "$here/THIRD_PARTY_LICENSES" "$target.new/"
cp "$here/uninstall.sh" "$target.new/"
[ ! -e "$target" ] || mv "$target" "$target.old"
mv "$target.new" "$target"
rm -rf "$target.old"
ln -sf "$target/workdiary" "$prefix/bin/workdiary"
cp "$here/workdiary.svg" "$prefix/share/icons/hicolor/scalable/apps/"
sed "s|^Exec=.*|Exec=\"$target/workdiary\"|" "$here/workdiary.desktop" \
    >"$prefix/share/applications/workdiary.desktop"

if [ $quiet = no ]; then
    echo "Workdiary is installed. Start it from the menu, or run $prefix/bin/workdiary"
    echo "To remove it, run $target/uninstall.sh"
fi
