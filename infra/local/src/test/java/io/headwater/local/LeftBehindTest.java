package io.headwater.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that an earlier run left behind: ours are ended, whatever else has their number is
/// left alone.
class LeftBehindTest {
    @TempDir private Path folder;

    @Test
    void aProcessLeftBehindIsEndedByItsRecord() {
        ChildProcess left = sleeper();
        ChildRecord record = new ChildRecord(folder.resolve("record"), "3600");
        record.write(left);

        assertThat(record.endOrphan()).isTrue();
        assertThat(left.exit().orTimeout(30, TimeUnit.SECONDS).join()).isNotZero();
        assertThat(record.endOrphan()).isFalse();
    }

    @Test
    void anotherProgramWithTheNumberOfOursIsLeftAlone() throws Exception {
        ChildProcess other = sleeper();
        try {
            ChildRecord anotherMark =
                    new ChildRecord(folder.resolve("record"), "headwater-of-another-folder");
            anotherMark.write(other);
            assertThat(anotherMark.endOrphan()).isFalse();

            ChildRecord anotherStart = new ChildRecord(folder.resolve("record"), "3600");
            Files.writeString(
                    folder.resolve("record"),
                    other.pid() + " " + Instant.now().minus(Duration.ofHours(1)) + "\n");
            assertThat(anotherStart.endOrphan()).isFalse();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.kill();
        }
    }

    @Test
    void aServerLeftOverItsFolderIsEndedAndAStrangersNumberInItsFileIsNoHindrance()
            throws Exception {
        Path data = folder.resolve("cluster");
        try (LocalCluster first = LocalCluster.builder().inFolder(data).password("secret").start();
                LocalCluster second =
                        LocalCluster.builder().inFolder(data).password("secret").start()) {
            assertThat(first.primary().isAlive()).isFalse();
            assertThat(second.primary().isAlive()).isTrue();

            second.primary().kill();
            Path pidFile = data.resolve("primary").resolve("postmaster.pid");
            String stale = Files.readString(pidFile);
            Files.writeString(
                    pidFile, ProcessHandle.current().pid() + stale.substring(stale.indexOf('\n')));
            second.primary().start();
            assertThat(second.primary().isAlive()).isTrue();
        }
    }

    private ChildProcess sleeper() {
        return ChildProcess.start(
                "sleeper", List.of("sleep", "3600"), Map.of(), folder.resolve("log"), "TERM");
    }
}
