package io.headwater.bench.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class YamlTreeTest {
    @Test
    void onlyWhatJsonWouldCallANumberIsOne() throws Exception {
        assertThat(
                        YamlTree.read(
                                        """
                                        country: NO
                                        code: 007
                                        day: 2026-01-31
                                        quoted: "12"
                                        rate: 1.10
                                        count: -12
                                        open: true
                                        gone: null
                                        also:
                                        list: [a, 2]
                                        """)
                                .getFirst()
                                .toString())
                .isEqualTo(
                        """
                        {"country":"NO","code":"007","day":"2026-01-31","quoted":"12","rate":1.10,"count":-12,\
                        "open":true,"gone":null,"also":null,"list":["a",2]}\
                        """);
    }

    @Test
    void eachDocumentIsOne() throws Exception {
        assertThat(YamlTree.read("a: 1\n---\na: 2\n")).hasSize(2);
    }

    @Test
    void aKeyThatIsThereTwiceIsRefused() {
        assertThatThrownBy(() -> YamlTree.read("a: 1\na: 2\n")).hasMessageContaining("twice");
    }

    @Test
    void aliasesThatMultiplyAreRefused() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i));
            bomb.append("*a%d, ".formatted(i - 1).repeat(10)).append("x]\n");
        }
        assertThatThrownBy(() -> YamlTree.read(bomb.toString())).hasMessageContaining("aliases");
    }
}
