package io.headwater.query.coding;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Compresses answers as they are written, exports too, for clients that take it.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class CodingFilter extends OncePerRequestFilter {
    /// An event waits in no compressor.
    private static final String EVENTS = "/changes";

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().equals(EVENTS) || request.getMethod().equals("HEAD");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Coding coding =
                Coding.of(Collections.list(request.getHeaders(HttpHeaders.ACCEPT_ENCODING)));
        var coded = new CodedResponse(response, coding);
        try {
            chain.doFilter(request, coded);
            coded.finish();
        } finally {
            coded.release();
        }
    }
}
