package io.headwater.ops.image;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the image's `restore_command` and `archive_command` ask the archive for, and what not, in a
/// data folder with an archive of its own: a folder of files, and a log of the questions.
class ArchiveCommandsTest {
    private static final Path COMMANDS =
            Path.of("../compose/postgres/bin").toAbsolutePath().normalize();
    private static final String SEGMENT = "000000010000000000000007";
    private static final String NEXT_SEGMENT = "000000010000000000000008";
    private static final String HISTORY = "00000002.history";

    @TempDir Path folder;

    @BeforeEach
    void aDataFolderAndAnArchive() throws IOException {
        Files.createDirectories(folder.resolve("data/pg_wal"));
        Files.createFile(folder.resolve("data/postgresql.conf"));
        Files.createDirectories(folder.resolve("archive"));
        Files.createDirectories(folder.resolve("answers"));
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
    void theHistoryOfATimelineThatIsHereIsNotAskedFor() throws Exception {
        write("data/pg_wal/" + HISTORY, "1 0/7000000");
        assertThat(get(HISTORY)).isTrue();
        assertThat(folder.resolve("data/got")).hasContent("1 0/7000000");
        assertThat(asked()).isEmpty();
    }

    @Test
    void aTimelineThatIsNotThereIsAskedForOnce() throws Exception {
        assertThat(get(HISTORY)).isFalse();
        assertThat(get(HISTORY)).isFalse();
        assertThat(asked()).containsExactly(HISTORY);
    }

    @Test
    void aStandbyLearnsOfATimelineByStreamingFirst() throws Exception {
        write("data/standby.signal", "");
        assertThat(get(HISTORY)).isFalse();
        assertThat(asked()).isEmpty();
        write("answers/" + HISTORY, (Instant.now().getEpochSecond() - 16) + "\n");
        assertThat(get(HISTORY)).isFalse();
        assertThat(asked()).containsExactly(HISTORY);
    }

    @Test
    void whoIsAboutToLeadAsksWhateverItHeardBefore() throws Exception {
        assertThat(get(HISTORY)).isFalse();
        write("data/postgresql.conf", "synchronous_standby_names = 'ANY 1 (pg2)'\n");
        write("archive/" + HISTORY, "another has taken it");
        assertThat(get(HISTORY)).isTrue();
        assertThat(asked()).containsExactly(HISTORY, HISTORY);
    }

    @Test
    void whoIsAboutToLeadAsksOnceForASingleTakeOver() throws Exception {
        write("data/postgresql.conf", "port = 5432\nsynchronous_standby_names = 'ANY 1 (pg2)'\n");
        assertThat(get(HISTORY)).isFalse();
        assertThat(get(HISTORY)).isFalse();
        assertThat(asked()).containsExactly(HISTORY);
        write(
                "answers/" + HISTORY + ".leads",
                (Instant.now().getEpochSecond() - 6) + "\n"); // an earlier one
        assertThat(get(HISTORY)).isFalse();
        assertThat(asked()).containsExactly(HISTORY, HISTORY);
    }

    @Test
    void aStandbyLeavesASegmentToStreamingFirst() throws Exception {
        write("data/standby.signal", "");
        write("archive/" + SEGMENT, "whole");
        assertThat(get(SEGMENT)).isFalse();
        assertThat(get(SEGMENT)).isFalse();
        assertThat(asked()).isEmpty();
        write("answers/" + SEGMENT, (Instant.now().getEpochSecond() - 16) + "\n");
        assertThat(get(SEGMENT)).as("streaming did not go on").isTrue();
        assertThat(folder.resolve("data/got")).hasContent("whole");
    }

    @Test
    void aStandbyThatLivesFromTheArchiveAsksForTheNextSegmentAtOnce() throws Exception {
        write("data/standby.signal", "");
        write("archive/" + SEGMENT, "whole");
        write("archive/" + NEXT_SEGMENT, "whole too");
        write("answers/" + SEGMENT, (Instant.now().getEpochSecond() - 16) + "\n");
        assertThat(get(SEGMENT)).isTrue();
        assertThat(get(NEXT_SEGMENT)).isTrue();
        assertThat(asked()).containsExactly(SEGMENT, NEXT_SEGMENT);
    }

    @Test
    void aRecoveryThatEndsWithTheArchiveAsksAtOnce() throws Exception {
        write("archive/" + SEGMENT, "whole");
        assertThat(get(SEGMENT)).isTrue();
        assertThat(asked()).containsExactly(SEGMENT);
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

    private boolean get(String file) throws Exception {
        return run("pgbackrest-get", file, "got");
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
        environment.put("ANSWERS", folder.resolve("answers").toString());
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
