package io.headwater.ops;

import java.io.PrintWriter;
import java.util.Locale;

/// Where a command speaks: results to standard output, progress and questions to standard error.
final class Console {
    private final PrintWriter out;
    private final PrintWriter err;

    Console(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    void say(String result) {
        out.println(result.stripTrailing());
        out.flush();
    }

    void progress(String what) {
        err.println("… " + what);
        err.flush();
    }

    /// Asks before something that cannot be undone.
    ///
    /// @return whether to go on; never where nobody can be asked
    @SuppressWarnings("SystemConsoleNull") // the two checkers disagree
    boolean confirm(String what, boolean yes) {
        if (yes) {
            return true;
        }
        var terminal = System.console();
        if (terminal == null || !terminal.isTerminal()) {
            err.println(
                    what
                            + "\nNobody is here to be asked: say --yes if that is what you want. Nothing was done.");
            err.flush();
            return false;
        }
        String answer = terminal.readLine("%s%nGo on? Type yes: ", what);
        boolean agreed = answer != null && answer.strip().toLowerCase(Locale.ROOT).equals("yes");
        if (!agreed) {
            err.println("Nothing was done.");
            err.flush();
        }
        return agreed;
    }
}
