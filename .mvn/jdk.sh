# Sets JAVA_HOME to a JDK of at least version 25, or says what to install and ends. Sourced by mvnw and run.
headwater_jdk() {
    required=25
    on_path=$(readlink -f "$(command -v javac 2>/dev/null)" 2>/dev/null)
    for home in "${JAVA_HOME:-}" "${on_path%/bin/javac}" "$(/usr/libexec/java_home -v "$required+" 2>/dev/null)" \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/jdk* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        [ -n "$home" ] && [ -x "$home/bin/javac" ] && [ -f "$home/release" ] || continue
        # A JDK tells its version in a file; asking the java in it would take longer, and there may be many.
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
        if [ "${version:-0}" -ge "$required" ]; then
            JAVA_HOME=$home
            export JAVA_HOME
            return 0
        fi
    done
    echo "Headwater needs a JDK, version $required or later, and there is none here: install one, such as Eclipse Temurin $required from https://adoptium.net, or set JAVA_HOME to the one you have." >&2
    return 1
}
headwater_jdk || exit 1
