package io.headwater.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.firewall.RequestRejectedException;

class AccessConfigurationTest {
    private final AccessConfiguration access = new AccessConfiguration();

    @ParameterizedTest
    @CsvSource({
        "Bearer abc.def, abc.def",
        "bearer abc.def, abc.def",
        "'Bearer  abc.def ', abc.def",
        "Bearer,",
        "'Bearer ',",
        "Basic YTpi,",
    })
    void aTokenIsWhatFollowsTheScheme(String header, String token) {
        var request = new MockHttpServletRequest();
        request.addHeader("Authorization", header);
        assertThat(access.bearerTokens().resolve(request)).isEqualTo(token);
    }

    @Test
    void withoutAHeaderThereIsNoToken() {
        assertThat(access.bearerTokens().resolve(new MockHttpServletRequest())).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0000b", "a\u007fb", "a\nb", "\uffff"})
    void aHeaderWithControlCharactersIsRefused(String value) {
        assertThatThrownBy(() -> headerThroughTheFirewall(value))
                .isInstanceOf(RequestRejectedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "", "Zürich", "\ud83d\ude00"})
    void anyOtherHeaderIsTaken(String value) {
        assertThat(headerThroughTheFirewall(value)).isEqualTo(value);
    }

    private String headerThroughTheFirewall(String value) {
        var request = new MockHttpServletRequest("GET", "/records/customer");
        request.addHeader("X-Any", value);
        return access.firewall().getFirewalledRequest(request).getHeader("X-Any");
    }
}
