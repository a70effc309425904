package io.headwater.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.access.BearerTokenAccessDeniedHandler;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/// Answers 401 and 403 as problem details (RFC 9457), with the `WWW-Authenticate` of RFC 6750.
final class RefusedAccess implements AuthenticationEntryPoint, AccessDeniedHandler {
    private final AuthenticationEntryPoint challenge = new BearerTokenAuthenticationEntryPoint();
    private final AccessDeniedHandler denial = new BearerTokenAccessDeniedHandler();

    @Override
    public void commence(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException refusal)
            throws IOException, jakarta.servlet.ServletException {
        challenge.commence(request, response, refusal);
        write(
                response,
                "unauthenticated",
                "Not authenticated",
                "Send a valid token in the header Authorization: Bearer <token>");
    }

    @Override
    public void handle(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException refusal)
            throws IOException, jakarta.servlet.ServletException {
        denial.handle(request, response, refusal);
        write(
                response,
                "forbidden",
                "Not allowed",
                "The token's scopes do not allow this; queries need the scope read, the log"
                        + " audit, projections model-admin");
    }

    private static void write(
            HttpServletResponse response, String code, String title, String detail)
            throws IOException {
        response.setContentType("application/problem+json");
        response.setCharacterEncoding("UTF-8");
        response.getWriter()
                .write(
                        """
                        {"type":"https://headwater.io/problems/%s","title":"%s","status":%d,"detail":"%s"}\
                        """
                                .formatted(code, title, response.getStatus(), detail));
    }
}
