package io.headwater.query;

import io.headwater.access.AccessConfiguration;
import io.headwater.access.VerifiedTokens;
import java.io.IOException;
import java.io.InputStream;
import java.security.interfaces.RSAPublicKey;
import java.util.Objects;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoders;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;

/// Who may do what: scope `read` to query, `audit` to read the whole log, `model-admin` to rebuild
/// and resume projections. Health, metrics and the error page are open.
@Configuration(proxyBeanMethods = false)
@Import(AccessConfiguration.class)
class SecurityConfiguration {
    private static final String READ = "SCOPE_read";
    private static final String AUDIT = "SCOPE_audit";
    private static final String MODEL_ADMIN = "SCOPE_model-admin";

    @Bean
    SecurityFilterChain queries(HttpSecurity http) throws Exception {
        var refusals = new RefusedAccess();
        return http.csrf(
                        csrf -> csrf.disable()) // no cookies, no sessions: a token in every request
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(cache -> cache.disable())
                .logout(logout -> logout.disable())
                .authorizeHttpRequests(requests ->
                        requests.requestMatchers("/actuator/**", "/error")
                                .permitAll()
                                .requestMatchers("/log")
                                .hasAuthority(AUDIT)
                                .requestMatchers(HttpMethod.GET, "/projections")
                                .hasAuthority(READ)
                                .requestMatchers("/projections/**")
                                .hasAuthority(MODEL_ADMIN)
                                .anyRequest()
                                .hasAuthority(READ))
                .oauth2ResourceServer(server ->
                        server.jwt(jwt -> {})
                                .authenticationEntryPoint(refusals)
                                .accessDeniedHandler(refusals))
                .exceptionHandling(handling ->
                        handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .build();
    }

    @Bean
    JwtDecoder tokens(JwtProperties properties) throws IOException {
        return new VerifiedTokens(verifier(properties));
    }

    private static JwtDecoder verifier(JwtProperties properties) throws IOException {
        Resource file = properties.publicKeyLocation();
        if (file == null) {
            String issuer = Objects.requireNonNull(properties.issuerUri());
            return new SupplierJwtDecoder(() -> JwtDecoders.fromIssuerLocation(issuer));
        }
        try (InputStream pem = file.getInputStream()) {
            RSAPublicKey key = Objects.requireNonNull(RsaKeyConverters.x509().convert(pem));
            return NimbusJwtDecoder.withPublicKey(key).build();
        }
    }
}
