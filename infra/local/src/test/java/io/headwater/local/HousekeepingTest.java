package io.headwater.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {
    @TempDir private Path folder;
    private Path logs = Path.of("");
    private Path archive = Path.of("");

    @BeforeEach
    void makeFolders() throws Exception {
        logs = Files.createDirectory(folder.resolve("logs"));
        archive = Files.createDirectory(folder.resolve("archive"));
    }

    @Test
    void aLongLogIsBegunAnewAndAShortOneIsLeft() throws Exception {
        Files.writeString(logs.resolve("long.log"), "x".repeat(101));
        Files.writeString(logs.resolve("short.log"), "x".repeat(100));
        new Housekeeping(logs, List.of(archive), 100, 100).tidy();

        assertThat(logs.resolve("long.log")).isEmptyFile();
        assertThat(logs.resolve("long.log.1")).hasSize(101);
        assertThat(logs.resolve("short.log")).hasSize(100);
    }

    @Test
    void theOldestSegmentsGo() throws Exception {
        for (String segment :
                List.of(
                        "000000010000000000000002",
                        "00000001000000000000000A",
                        "000000010000000000000001")) {
            Files.writeString(archive.resolve(segment), "x".repeat(40));
        }
        new Housekeeping(logs, List.of(archive, folder.resolve("none")), 100, 100).tidy();

        assertThat(archive.resolve("000000010000000000000001")).doesNotExist();
        assertThat(archive.resolve("000000010000000000000002")).exists();
        assertThat(archive.resolve("00000001000000000000000A")).exists();
    }
}
