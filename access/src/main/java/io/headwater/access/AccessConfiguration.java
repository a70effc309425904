package io.headwater.access;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/// What Spring Security does with every request, as by default, but for less than a request costs.
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {
    private static final String BEARER = "Bearer ";

    /// As RFC 6750 has it; whether it is a token says the decoder. The regular expression of the
    /// default costs more than many a request.
    @Bean
    BearerTokenResolver bearerTokens() {
        return request -> {
            String credentials = request.getHeader(HttpHeaders.AUTHORIZATION);
            if (credentials == null
                    || !credentials.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return null;
            }
            String token = credentials.substring(BEARER.length()).strip();
            return token.isEmpty() ? null : token;
        };
    }

    /// The rules of the default; the one on header values without a regular expression.
    @Bean
    HttpFirewall firewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setAllowedHeaderValues(AccessConfiguration::isPlain);
        return firewall;
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c)
                    || !(Character.isSurrogate(c) || Character.isDefined(c))) {
                return false;
            }
        }
        return true;
    }

    /// Spans and counters of every security filter would cost as much as many a request; requests
    /// themselves are observed.
    @Bean
    SecurityObservationSettings securityObservationSettings() {
        return SecurityObservationSettings.noObservations();
    }
}
