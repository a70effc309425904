# Builds what the benchmarks and the replay need, if it is missing or older than its sources; leaves
# JAVA_HOME, $root, $bench and $class_path. Sourced by run and replay.
bench=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd -- "$bench/../.." && pwd -P)
services='command-service cdc-relay query-service'
. "$root/.mvn/jdk.sh"

# The stamp is as old as the start of the last build that went well.
stamp=$bench/target/built
is_built() {
    [ -f "$stamp" ] && [ -f "$bench/target/class-path" ] || return 1
    for service in $services; do
        compgen -G "$root/$service/target/*-exec.jar" >/dev/null || return 1
    done
    # $services is a list of words
    # shellcheck disable=SC2086
    [ -z "$(cd "$root" && find pom.xml contract access event-store infra/local infra/bench $services \
        \( -name target -o -path '*/src/test' \) -prune -o -type f -newer "$stamp" -print -quit)" ]
}

if ! is_built; then
    echo "Building; the first time this takes a few minutes." >&2
    mkdir -p "$bench/target"
    touch "$stamp.half"
    modules=infra/bench,${services// /,}
    if ! (cd "$root" && ./mvnw -q -Dquick -DskipTests -pl "$modules" -am package >&2); then
        echo "The build failed; the reason is above." >&2
        exit 1
    fi
    mv "$stamp.half" "$stamp"
fi


export AXONIQ_UPDATE_CHECKER_DISABLED=true
class_path=$(compgen -G "$bench/target/bench-*.jar" | head -n 1):$(cat "$bench/target/class-path")
