package io.headwater.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How to run PostgreSQL, which refuses to run as root, when this JVM runs as root: in a user
/// namespace where the same user has another number, or where the kernel does not allow that, as
/// the user `nobody`.
///
/// @param prefix what comes before the command; empty for a plain user
/// @param owner numeric user and group that must own what the command writes; empty where files
///   need no other owner
record Unprivileged(List<String> prefix, String owner) {
    private static final String NOBODY = "65534";

    static Unprivileged find() {
        boolean root = "0".equals(Programs.run(List.of("id", "-u")).output());
        // initdb asks for the user's name, and a container may run as a number that has none.
        boolean named = Programs.run(List.of("id", "-un")).status() == 0;
        if (!root && named) {
            return new Unprivileged(List.of(), "");
        }
        if (Programs.find("unshare") != null
                && Programs.run(List.of("unshare", "--user", "id", "-un")).status() == 0) {
            return new Unprivileged(List.of("unshare", "--user"), "");
        }
        if (root && Programs.find("setpriv") != null) {
            return new Unprivileged(
                    List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"),
                    NOBODY + ":" + NOBODY);
        }
        throw new LocalFailure(
                root
                        ? "PostgreSQL does not run as root, and neither `unshare --user` nor `setpriv` works here: start Headwater as a plain user, or install util-linux."
                        : "PostgreSQL does not run as a user without a name, and `unshare --user` does not work here: start Headwater as a user that is in /etc/passwd.");
    }

    List<String> command(String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return all;
    }

    /// Lets the user that the command runs as pass through the folder, without a look at what is in
    /// it.
    void letThrough(Path folder) {
        if (!owner.isEmpty()) {
            Programs.run(List.of("chmod", "o+x", folder.toString()));
            check(folder, "-x");
        }
    }

    /// Gives the folder and all in it to the user that the command runs as, and checks that this
    /// user can get there.
    void own(Path folder) {
        if (owner.isEmpty()) {
            return;
        }
        Programs.run(List.of("chown", "-R", owner, folder.toString()));
        check(folder, "-w");
    }

    private void check(Path folder, String may) {
        if (Programs.run(command("test", may, folder.toString())).status() != 0) {
            throw new LocalFailure(
                    "PostgreSQL does not run as root, `unshare --user` is not allowed here, and the user nobody cannot get"
                            + " to "
                            + folder
                            + ": set HEADWATER_HOME to a folder that everybody may enter, such as /var/lib/headwater, or"
                            + " start as a plain user.");
        }
    }
}
