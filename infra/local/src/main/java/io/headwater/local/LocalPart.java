package io.headwater.local;

/// One part of a local platform: a server that runs beside this JVM, can be stopped, killed and
/// started again, and finds its data where it left them. Safe for concurrent use.
public interface LocalPart {
    /// What people call it, and the name of its log.
    String name();

    /// Starts it and returns when it is ready; does nothing if it is running.
    ///
    /// @throws LocalFailure if it does not become ready; says why
    void start();

    /// Stops it in good order and returns when it is gone; does nothing if it is not running.
    void stop();

    /// Ends it by SIGKILL, as a crash would, and returns when it is gone.
    void kill();

    boolean isAlive();
}
