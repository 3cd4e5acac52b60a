package banger.daemon.copy;

/** The guest's sides of a copy, for any POSIX shell and any tar. Each tells its kind in a first line of output. */
final class GuestScripts {
    static final String IS_FOLDER = "d";
    static final String IS_FILE = "f";
    static final String GNU_TAR = "gnu";

    /**
     * Sends what {@code $1} names, links followed: the content of a folder, or one file. First a line that says which.
     *
     * <p>GNU tar's status 1 means that a file changed while it was read.
     */
    static final String SEND = """
            case $1 in /*) path=$1 ;; *) path=./$1 ;; esac
            follow=
            if [ -d "$path" ]; then
                cd "$path" || exit; set -- .; echo d
            elif [ -f "$path" ]; then
                cd "${path%/*}/" || exit; set -- "./${path##*/}"; follow=-h; echo f
            elif [ -e "$path" ]; then
                echo "$1 is neither a file nor a folder" >&2; exit 1
            else
                echo "there is no $1" >&2; exit 1
            fi
            case $(tar --version 2>/dev/null) in *GNU*)
                tar -c -f - $follow --format=pax --pax-option=delete=atime,delete=ctime "$@"
                status=$?; [ $status -gt 1 ] || status=0; exit $status ;;
            esac
            exec tar -c -f - $follow "$@"
            """;

    /**
     * Receives {@code c}, a folder or a file ($3: d or f) of the name $2, for the place $1; with $4 the content of a
     * folder. First a line that says which tar there is.
     *
     * <p>It is unpacked beside its place and moved there when the archive has ended well.
     */
    static final String RECEIVE = """
            set -e
            fail() { echo "$1" >&2; exit 1; }
            case $1 in /*) place=$1 ;; *) place=./$1 ;; esac
            slash=
            while [ "${place%/}" != "$place" ]; do place=${place%/}; slash=1; done
            if [ -d "$place/" ]; then
                [ -n "$4" ] || place=$place/$2
            elif [ -n "$slash" ]; then
                fail "there is no folder $1"
            fi
            if [ -d "$place/" ]; then
                [ "$3" = d ] || fail "$place is a folder, where a file comes"
                aside=$place merge=1
            else
                [ "$3" = f ] || ! [ -e "$place" ] || fail "$place is a file, where a folder comes"
                aside=${place%/*} merge=
                [ -d "$aside/" ] || fail "there is no folder $aside"
            fi
            tmp=$(mktemp -d "$aside/.banger-cp.XXXXXX")
            trap 'status=$?; find "$tmp" -type d -exec chmod u+rwx {} + ; rm -rf "$tmp"; exit $status' EXIT
            trap 'exit 129' HUP INT TERM PIPE
            gnu=
            case $(tar --version 2>/dev/null) in *GNU*) gnu=1; echo gnu ;; *) echo other ;; esac
            tar -x -p -o -f - -C "$tmp"
            if [ -z "$merge" ]; then
                mv -f "$tmp/c" "$place"
            elif [ -n "$gnu" ]; then
                find "$tmp/c" -mindepth 1 -maxdepth 1 -exec cp -a -l --remove-destination -t "$place/" {} +
            else
                find "$tmp/c" -mindepth 1 -maxdepth 1 -exec cp -a -l -f {} "$place/" ';'
            fi
            """;

    private GuestScripts() {}
}
