package io.headwater.query.changes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenersTest {
    @ParameterizedTest
    @CsvSource({
        "2500, 128, 1024",
        "2500, 256, 2500",
        "2500, 4096, 2500",
        "10, 256, 10",
        "2500, 64, 1"
    })
    void noMoreListenThanTheHeapBears(int allowed, long mebibytes, long most) {
        assertThat(Listeners.most(allowed, mebibytes << 20)).isEqualTo(most);
    }
}
