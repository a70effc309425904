package io.headwater.command.http;

import io.headwater.access.AccessConfiguration;
import io.headwater.access.VerifiedTokens;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/// Who may do what: a bearer token's scopes decide. Health and metrics are open; they tell nothing
/// of records.
@Configuration(proxyBeanMethods = false)
@Import(AccessConfiguration.class)
class SecurityConfiguration {
    @Bean
    JwtDecoder jwtDecoder(JwtProperties properties) {
        return new VerifiedTokens(properties.decoder());
    }

    @Bean
    SecurityFilterChain routes(HttpSecurity http) throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(Customizer.withDefaults())
                .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(routes ->
                        routes.dispatcherTypeMatchers(DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers("/actuator/**")
                                .permitAll()
                                .requestMatchers("/models/**", "/queries/**")
                                .hasAuthority("SCOPE_model-admin")
                                .requestMatchers("/records/**", "/commands/**", "/imports/**")
                                .hasAuthority("SCOPE_write")
                                .anyRequest()
                                .authenticated())
                .exceptionHandling(e ->
                        e.authenticationEntryPoint(unauthorized()).accessDeniedHandler(forbidden()))
                .oauth2ResourceServer(server ->
                        server.jwt(Customizer.withDefaults())
                                .authenticationEntryPoint(unauthorized())
                                .accessDeniedHandler(forbidden()))
                .build();
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler() {
        return (request, response, rejected) ->
                Answers.write(
                        Problems.badRequest(
                                "The path, a header or a parameter has characters that"
                                        + " are not taken here"),
                        response);
    }

    private static AuthenticationEntryPoint unauthorized() {
        return (request, response, failure) ->
                Answers.write(
                        new Problem(
                                        401,
                                        "unauthorized",
                                        "Who are you?",
                                        "Send a valid token: Authorization: Bearer …")
                                .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer"),
                        response);
    }

    private static AccessDeniedHandler forbidden() {
        return (request, response, denied) -> writeForbidden(response, request.getRequestURI());
    }

    private static void writeForbidden(
            jakarta.servlet.http.HttpServletResponse response, String path) throws IOException {
        String scope =
                path.startsWith("/models") || path.startsWith("/queries") ? "model-admin" : "write";
        Answers.write(
                new Problem(
                        403,
                        "forbidden",
                        "The token does not allow it",
                        "It needs the scope " + scope),
                response);
    }
}
