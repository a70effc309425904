package io.headwater.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the command says where it cannot do what it was asked.
class CommandLineTest {
    private record Said(int exit, String out, String err) {}

    private static Said say(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit =
                Headwater.commandLine()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(arguments);
        return new Said(exit, out.toString(), err.toString());
    }

    @Test
    void withoutASubCommandItTellsWhatThereIs() {
        var said = say();
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains("Say what to do").contains("status").contains("restore");
    }

    @Test
    void helpTellsTheExitCodes() {
        var said = say("--help");
        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("it was not confirmed, and nothing was done");
    }

    @Test
    void aTimeWithoutAnOffsetIsRefusedBeforeAnythingIsTouched(@TempDir Path folder)
            throws Exception {
        java.nio.file.Files.createFile(folder.resolve("compose.yml"));
        var said = say("restore", "--compose", folder.toString(), "--to", "2026-01-31 12:00");
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains("2026-01-31 12:00").contains("2026-01-31T12:00:00Z");
    }

    @Test
    void aFolderWithoutAStackIsNamed(@TempDir Path folder) {
        var said = say("status", "--compose", folder.toString());
        assertThat(said.exit()).isEqualTo(3);
        assertThat(said.err()).contains(folder.toString()).contains("--compose");
    }

    @Test
    void drillsAreListedWithWhatTheyDo(@TempDir Path folder) throws Exception {
        java.nio.file.Files.createFile(folder.resolve("compose.yml"));
        assertThat(say("drill", "--compose", folder.toString()).out())
                .contains("kill-primary")
                .contains("SIGKILL of the primary's container");
        assertThat(say("drill", "--small", "--compose", folder.toString()).out())
                .as("the small form has nobody to take over")
                .doesNotContain("kill-primary")
                .contains("kill-kafka");
    }
}
