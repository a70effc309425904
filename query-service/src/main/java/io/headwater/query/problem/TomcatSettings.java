package io.headwater.query.problem;

import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/// What Tomcat must know of our routes.
@Component
class TomcatSettings implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    /// A cursor holds up to four texts of 500 characters: with it a URL may be as long as this.
    /// Each request under way has a buffer of this size.
    private static final int LARGEST_REQUEST = 16 * 1024;

    /// `Link` may name a cursor that the request had not.
    private static final int LARGEST_ANSWER = 2 * LARGEST_REQUEST;

    /// Tomcat's own bound of 100 would make a busy client connect anew many times a second.
    private static final int REQUESTS_ON_ONE_CONNECTION = 100_000;

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(connector -> {
            // People and most clients write filter[name][eq], though RFC 3986 wants brackets
            // escaped. The others are taken so that it is us who say what is wrong with them.
            connector.setProperty("relaxedQueryChars", "\"<>[\\]^`{|}");
            if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                http.setMaxHttpRequestHeaderSize(LARGEST_REQUEST);
                http.setMaxHttpResponseHeaderSize(LARGEST_ANSWER);
                http.setMaxKeepAliveRequests(REQUESTS_ON_ONE_CONNECTION);
            }
        });
        factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }
}
