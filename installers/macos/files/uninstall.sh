#!/bin/sh
# Removes Workdiary from this Mac. An administrator runs it as the user of Workdiary, without sudo.
# Options: --keep-data or --delete-data answer the question about the local diary.
set -eu

answer=
case ${1:-} in
    --keep-data) answer=keep ;;
    --delete-data) answer=delete ;;
    "") ;;
    *) echo "usage: uninstall.sh [--keep-data | --delete-data]" >&2; exit 2 ;;
esac

label=org.workdiary.Workdiary
application=/Applications/Workdiary.app
if [ -x "$application/Contents/MacOS/workdiary" ]; then
    # Another status is that of a program that cannot start: it does not block its removal.
    "$application/Contents/MacOS/workdiary" quit || [ $? -ne 1 ] ||
        { echo "uninstall: Workdiary is still running; quit it first" >&2; exit 1; }
fi

if [ -z "$answer" ]; then
    echo "The diary on this computer: records that are not uploaded, and the receipts that prove"
    echo "your hours. What was uploaded remains at the marketplace."
    printf 'Delete the diary on this computer too? [y/N] '
    read -r reply || reply=
    case $reply in y | Y | yes) answer=delete ;; *) answer=keep ;; esac
fi

rm -f "$HOME/Library/LaunchAgents/$label.plist"
sudo rm -rf "$application"
sudo pkgutil --forget "$label" >/dev/null 2>&1 || true
if [ $answer = delete ]; then
    rm -rf "$HOME/Library/Application Support/workdiary"
fi
