package io.headwater.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {
    static Stream<String> malformed() {
        return Stream.of(
                "{",
                "[1,",
                "{\"a\":",
                "{\"a\":1}}",
                "{\"a\":tru}",
                "{a:1}",
                "\"abc",
                "{\"a\":1,\"a\":2}",
                "01",
                "+1",
                "1.",
                "-",
                "{\"a\":'x'}",
                "{\"a\":NaN}",
                "// comment\n1",
                "{\"a\":1,}",
                "\"\\x\"",
                "\"\u0001\"",
                "{} {}",
                "{\n}x",
                "{\"a\":{\"b\":[tru]}}",
                "1e99999999999999999999",
                "1".repeat(2_000),
                "[".repeat(200),
                "{\"%s\":1}".formatted("k".repeat(11_000)));
    }

    @ParameterizedTest
    @MethodSource
    void malformed(String text) {
        assertThatThrownBy(() -> Json.read(text))
                .isInstanceOf(MalformedJsonException.class)
                .message()
                .isNotBlank()
                .doesNotContain("Source", "reference chain", "Feature", "Constraints", "`", "\n");
        assertThatThrownBy(() -> Json.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":tru}|Line 1, column 6: Unrecognized token 'tru'",
                "{\"a\":1|Line 1, column 7: Unexpected end-of-input: expected close marker for Object",
                "{} []|Line 1, column 4: Trailing token (START_ARRAY) found after value",
            })
    void whereItIsIsSaid(String text, String located) {
        var failure = catchThrowableOfType(MalformedJsonException.class, () -> Json.read(text));
        assertThat(failure.located()).startsWith(located);
    }

    @Test
    void nothingIsAMissingNode() {
        assertThat(Json.read(" ").isMissingNode()).isTrue();
    }
}
