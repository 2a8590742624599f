#!/bin/sh
# Checks the set-up on a bare Debian 12 with python3, make, git and ca-certificates only.
#
#   fresh_machine.sh [--run] [--no-test] [--do COMMAND] [--as-user] [--keep] [-- arguments for pytest]
#
# Creates such a root outside this tree, clones the committed state into it, and runs there:
#   --run      first `make run`: once it is up, scripts/dev/smoke_test.py presses Start and Stop and
#              waits until the segment is on the review page; then Ctrl-C
#   (always)   `make test`, unless --no-test
#   --do       before that, this command in the clone, to examine a problem
#   --as-user  as an ordinary user with sudo, not as root
#   --keep     keep the root and print its path
#
# Needs root, mmdebstrap and util-linux. The root gets the machine's settings for package indexes
# (apt's sources, certificates, proxies, pip's configuration, npm's registry). It runs in its own mount
# and process namespace: all its mounts and processes end with this script, so that removing the root
# never crosses a live mount.
set -eu

run=no test=yes user=root keep=no command=

while [ $# -gt 0 ]; do
    case $1 in
        --run) run=yes ;;
        --no-test) test=no ;;
        --do) command=$2; shift ;;
        --as-user) user=somebody ;;
        --keep) keep=yes ;;
        --) shift; break ;;
        *) sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
pytest_words=$*

project=$(cd "$(dirname "$0")/../.." && pwd)
[ "$(id -u)" = 0 ] || { echo "fresh_machine: needs root" >&2; exit 1; }
for tool in mmdebstrap unshare git; do
    command -v $tool >/dev/null || { echo "fresh_machine: $tool is missing" >&2; exit 1; }
done

say() { printf '\n=== %s\n' "$*"; }

work=$(mktemp -d "${TMPDIR:-/var/tmp}/workdiary-fresh.XXXXXX")
chmod 755 "$work"
root=$work/root
finish() {
    if [ $keep = yes ]; then
        say "the root stays in $root"
    else
        rm -rf --one-file-system "$work"
    fi
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- the bare machine ----------------------------------------------------------------------------

say "a bare Debian 12 in $root"
apt-config dump | grep -E '^Acquire::(http|https|Retries|Check-)' >"$work/apt.conf" || true
sources=
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    # A list that does not carry Debian 12 itself is no part of a bare machine.
    if [ -s "$list" ] && grep -q bookworm "$list"; then sources="$sources $list"; fi
done
# shellcheck disable=SC2086  # the list of files is meant to be split
mmdebstrap --quiet --variant=minbase --include=python3,make,git,ca-certificates \
    --aptopt="$work/apt.conf" bookworm "$root" $sources
# Packages must start no service: no machine runs here.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

# --- this machine's settings ---------------------------------------------------------------------

cp -L /etc/resolv.conf "$root/etc/resolv.conf"
printf '127.0.0.1 localhost %s\n' "$(hostname)" >"$root/etc/hosts"
mkdir -p "$root/usr/local/share/ca-certificates"
for ca in /usr/local/share/ca-certificates/*.crt; do
    [ ! -e "$ca" ] || cp "$ca" "$root/usr/local/share/ca-certificates/"
done
chroot "$root" update-ca-certificates >/dev/null 2>&1
[ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/pip.conf"
# Of npm's configuration only registry and proxy: a user's file may contain secrets.
cat /etc/npmrc "$HOME/.npmrc" 2>/dev/null |
    grep -E '^(@[^:]+:)?(registry|proxy|https-proxy|noproxy) *=' >"$root/etc/npmrc" || true

# A clone of the committed state.
git -C "$project" bundle create --quiet "$root/var/tmp/project.bundle" HEAD
chmod 644 "$root/var/tmp/project.bundle"

# --- inside --------------------------------------------------------------------------------------

home=/root
if [ $user != root ]; then
    home=/home/$user
    chroot "$root" sh -eu -c "
        apt-get -q update && apt-get -q install -y --no-install-recommends sudo
        useradd --create-home --shell /bin/bash $user
        echo '$user ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/$user" >"$work/user.log" 2>&1 ||
        { cat "$work/user.log"; exit 1; }
fi

printf '%s' "$command" >"$root/var/tmp/command"
cat >"$root/var/tmp/inside.sh" <<INSIDE
set -eu
say() { printf '\n=== %s\n' "\$*"; }
cd "$home"
say "git clone"
git -c advice.detachedHead=false clone --quiet /var/tmp/project.bundle workdiary
cd workdiary
git log -1 --format='%h %s'
dpkg-query -W -f '\${Package}\n' | wc -l | xargs echo "system packages before:"

if [ $run = yes ]; then
    say "make run"
    # A separate process group, so that Ctrl-C can be sent to all of it, as a terminal does. A shell
    # starts background processes with that signal ignored; --default-signal restores it.
    env --default-signal=INT setsid make run >/var/tmp/run.log 2>&1 </dev/null &
    runner=\$!
    tail --pid=\$runner -n +1 -F /var/tmp/run.log 2>/dev/null &
    waited=0
    until grep -q '^client page: ' /var/tmp/run.log; do
        waited=\$((waited + 1))
        if ! kill -0 \$runner 2>/dev/null || [ \$waited -gt 900 ]; then
            echo "make run did not come up"; exit 1
        fi
        sleep 1
    done
    say "press Start, work, press Stop, look at the review page"
    .venv/bin/python -m scripts.dev.smoke_test /var/tmp/run.log
    say "Ctrl-C"
    kill -INT -\$runner
    status=0; wait \$runner || status=\$?
    # make itself exits with 130 or 2 on Ctrl-C; the check is that every process has ended.
    echo "make run ended with \$status"
    if grep -lsz "\$PWD/.venv/bin" /proc/[0-9]*/cmdline; then
        echo "something was left running"; exit 1
    fi
fi

if [ -s /var/tmp/command ]; then
    say "\$(cat /var/tmp/command)"
    bash -eu /var/tmp/command
fi

if [ $test = yes ]; then
    say "make test"
    make test PYTEST_ARGS='$pytest_words'
    say "a second set-up"
    before=\$(date +%s%N)
    python3 -m scripts.dev.setup test
    echo "took \$(( (\$(date +%s%N) - before) / 1000000 )) ms"
    git status --short
fi
INSIDE

# The environment after signing in, with this machine's proxies and certificates, if any.
set -- HOME="$home" USER="$user" LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
set -- "$@" NPM_CONFIG_USERCONFIG=/etc/npmrc
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY PIP_INDEX_URL \
    NPM_CONFIG_REGISTRY npm_config_registry; do
    value=$(printenv "$name") && set -- "$@" "$name=$value"
done
if [ $user = root ]; then as=; else as="setpriv --reuid=$user --regid=$user --init-groups"; fi

started=$(date +%s)
# shellcheck disable=SC2086  # empty for root
unshare --mount --pid --fork --kill-child --propagation private \
    sh "$project/scripts/dev/enter_root.sh" "$root" $as env -i "$@" sh /var/tmp/inside.sh </dev/null
say "all of it took $((($(date +%s) - started) / 60)) min"
