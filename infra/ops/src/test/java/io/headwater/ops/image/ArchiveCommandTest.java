package io.headwater.ops.image;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the image's `archive_command` gives the archive and what it asks it for, with an archive of
/// its own: a folder of files, and a log of the questions.
class ArchiveCommandTest {
    private static final Path COMMANDS =
            Path.of("../compose/postgres/bin").toAbsolutePath().normalize();
    private static final String SEGMENT = "000000010000000000000007";
    private static final String HISTORY = "00000002.history";

    @TempDir Path folder;

    @BeforeEach
    void aDataFolderAndAnArchive() throws IOException {
        Files.createDirectories(folder.resolve("data/pg_wal"));
        Files.createDirectories(folder.resolve("archive"));
        Path asker = Files.createDirectories(folder.resolve("bin")).resolve("pgbackrest");
        Files.writeString(
                asker,
                """
                #!/bin/bash
                [[ $1 != --* ]] || shift
                echo "${2##*/}" >>"$ASKED"
                [[ $1 != archive-push ]] || exit 0
                cp "$ARCHIVE/$2" "$3" 2>/dev/null || exit 1
                """);
        assertThat(asker.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aSegmentThatAnotherPrimaryWentPastIsPassedOver() throws Exception {
        write("archive/" + HISTORY, "1\t0/7000028\tno recovery target specified\n");
        assertThat(push(SEGMENT)).isTrue();
        assertThat(asked()).doesNotContain(SEGMENT);
        assertThat(push("000000010000000000000006")).isTrue();
        assertThat(asked()).endsWith("000000010000000000000006");
    }

    @Test
    void theHistoryOfATimelineIsAskedForOnceByWhoArchives() throws Exception {
        write("archive/" + HISTORY, "1\t0/7000028\tno recovery target specified\n");
        assertThat(push("000000010000000000000005")).isTrue();
        assertThat(push("000000010000000000000006")).isTrue();
        assertThat(push("000000020000000000000007")).isTrue();
        assertThat(asked())
                .containsExactly(
                        HISTORY,
                        "00000003.history",
                        "000000010000000000000005",
                        "00000003.history",
                        "000000010000000000000006",
                        "00000003.history",
                        "000000020000000000000007");
    }

    private boolean push(String file) throws Exception {
        return run("pgbackrest-push", "pg_wal/" + file);
    }

    private boolean run(String command, String... arguments) throws Exception {
        var words = new ArrayList<>(List.of(COMMANDS.resolve(command).toString()));
        words.addAll(List.of(arguments));
        var builder =
                new ProcessBuilder(words).directory(folder.resolve("data").toFile()).inheritIO();
        var environment = builder.environment();
        environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("HISTORIES", folder.resolve("histories").toString());
        environment.put("ARCHIVE", folder.resolve("archive").toString());
        environment.put("ASKED", folder.resolve("asked").toString());
        return builder.start().waitFor() == 0;
    }

    private List<String> asked() throws IOException {
        Path asked = folder.resolve("asked");
        return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text, CREATE, TRUNCATE_EXISTING);
    }
}
