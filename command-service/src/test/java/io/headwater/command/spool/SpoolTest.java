package io.headwater.command.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.contract.ImportId;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class SpoolTest {
    private static final ImportId ID = new ImportId(new UUID(1, 2));
    private static final ImportId OTHER = new ImportId(new UUID(3, 4));

    @TempDir Path folder;
    private Spool spool;

    @BeforeEach
    void open() {
        spool = spool(DataSize.ofBytes(0));
    }

    @Test
    void aFileComesBackAsItWas() throws IOException {
        var received = spool.receive(ID, body("a,b\n1,2\n"), -1);
        assertThat(received.bytes()).isEqualTo(8);
        assertThat(received.digest())
                .isEqualTo("492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470");
        try (InputStream in = received.file().open()) {
            assertThat(in.readAllBytes()).asString().isEqualTo("a,b\n1,2\n");
        }
        assertThat(spool.safe()).containsExactly(ID);
        received.file().delete();
        assertThat(files()).isEmpty();
    }

    @Test
    void aFileOverTheBoundLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> spool.receive(ID, body("x".repeat(1_001)), -1))
                .isInstanceOf(SpoolException.TooLarge.class)
                .hasMessageContaining("at most 1,000 bytes");
        assertThatThrownBy(() -> spool.receive(ID, body(""), 1_001))
                .isInstanceOf(SpoolException.TooLarge.class);
        assertThat(files()).isEmpty();
        spool.receive(ID, body("x".repeat(1_000)), -1).file().delete();
    }

    @Test
    void allFilesTogetherHaveABound() throws IOException {
        var first = spool.receive(ID, body("x".repeat(900)), -1);
        var second = spool.receive(OTHER, body("x".repeat(900)), -1);
        assertThatThrownBy(() ->
                        spool.receive(new ImportId(new UUID(5, 6)), body("x".repeat(300)), -1))
                .isInstanceOf(SpoolException.NoRoom.class)
                .hasMessageContaining("at most 2,000 bytes together");
        first.file().delete();
        spool.receive(new ImportId(new UUID(5, 6)), body("x".repeat(300)), -1).file().release();
        second.file().delete();
        assertThat(files()).hasSize(1);
    }

    @Test
    void aFullDiskLeavesNothingBehind() throws IOException {
        var full = spool(DataSize.ofTerabytes(1_000_000));
        assertThatThrownBy(() -> full.receive(ID, body("x"), -1))
                .isInstanceOf(SpoolException.NoRoom.class)
                .hasMessageContaining("disk for uploads is full");
        assertThat(files()).isEmpty();
    }

    @Test
    void aClientThatBreaksOffLeavesNothingBehind() throws IOException {
        var broken =
                new FilterInputStream(body("half")) {
                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        int n = super.read(into, from, length);
                        if (n < 0) {
                            throw new IOException("connection reset");
                        }
                        return n;
                    }
                };
        assertThatThrownBy(() -> spool.receive(ID, broken, -1)).hasMessage("connection reset");
        assertThat(files()).isEmpty();
        spool.receive(ID, body("whole"), -1).file().delete();
    }

    @Test
    void whatACrashLeftOfAnUploadIsDeletedAtTheStart() throws IOException {
        Files.writeString(folder.resolve(ID + ".upload"), "half");
        Files.writeString(folder.resolve("not-ours.upload"), "kept");
        spool(DataSize.ofBytes(0));
        assertThat(files()).containsExactly("not-ours.upload");
    }

    @Test
    void aFileIsHeldByOneAtATime() throws IOException {
        var received = spool.receive(ID, body("x"), -1);
        assertThat(spool.hold(ID)).isEmpty();
        assertThatThrownBy(() -> spool.receive(ID, body("x"), -1))
                .isInstanceOf(SpoolException.Busy.class);
        received.file().release();
        var held = spool.hold(ID).orElseThrow();
        assertThat(spool.hold(ID)).isEmpty();
        held.delete();
        assertThat(spool.hold(ID)).isEmpty();
    }

    @Test
    void aFileThatNobodyHoldsIsReplacedBySendingItAgain() throws IOException {
        spool.receive(ID, body("old"), -1).file().release();
        var again = spool.receive(ID, body("new"), -1);
        try (InputStream in = again.file().open()) {
            assertThat(in.readAllBytes()).asString().isEqualTo("new");
        }
        again.file().delete();
        assertThat(files()).isEmpty();
    }

    private Spool spool(DataSize keepFree) {
        return new Spool(
                new SpoolProperties(
                        folder, DataSize.ofBytes(1_000), DataSize.ofBytes(2_000), keepFree));
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
