#!/bin/sh
# Stands for bin/transvase in tests: does what -D how=... says, and leaves the files that a run leaves.
shift # run
job=$1
shift
how=
while [ $# -gt 0 ]; do
    case $1 in
        --report) report=$2; shift ;;
        --dirty) dirty=$2; shift ;;
        -D)
            case $2 in
                how=*) how=${2#how=} ;;
            esac
            shift
            ;;
    esac
    shift
done
folder=$(dirname "$report")

end() {
    printf '{"job": "%s", "status": "%s", "elapsedMillis": 7, "read": {"records": 3, "bytes": 30}, "written": {"records": 2},
        "dirty": {"records": 1}%s}\n' "$(basename "$job" .json)" "$1" "$3" >"$report"
    exit "$2"
}

progress() {
    printf '{"elapsedMillis":%s,"tables":1,"read":{"records":%s,"bytes":0}}\n' "$1" "$1" >&2
}

trap 'end STOPPED 143 ""' TERM
echo "warning: begun" >&2
progress 1
case $how in
    wait)
        number=1
        while [ ! -e "$folder/go" ]; do
            sleep 0.05
            number=$((number + 1))
            progress $number
        done
        ;;
    fail) end FAILED 3 ', "error": {"code": "CONNECTION_LOST", "message": "the server is gone"}' ;;
    unbegun) exit 2 ;;
    crash) kill -ABRT $$ ;;
    dirty)
        printf '%s\n' \
            '{"table":"public.a","source":"public.a","values":{"id":"1","note":null},"sqlState":"23505","constraint":"a_pkey","message":"duplicate key"}' \
            '{"table":"public.a","source":"public.a","values":{"id":"2","note":""},"sqlState":"22003","constraint":"","message":"column \"Total\": out of range"}' \
            '{"table":"public.<script>","source":"x","values":{"id":"<script>alert(1)</script>"},"sqlState":"22003","constraint":"","message":"column id: out of range"}' \
            >"$dirty"
        ;;
esac
echo "the end <script>" >&2
end SUCCEEDED 0 ""
