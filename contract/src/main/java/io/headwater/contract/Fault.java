package io.headwater.contract;

/// One thing wrong with an input.
///
/// @param pointer where: a JSON Pointer (RFC 6901) into the input, empty for the whole of it
/// @param code what kind, stable, for programs: `required`, `type`, `pattern`, …
/// @param detail what was wrong and what to do, for people
public record Fault(String pointer, String code, String detail) {
    /// This fault as seen from further out.
    ///
    /// @param prefix pointer of the place that this fault's pointer starts from
    public Fault under(String prefix) {
        return new Fault(prefix + pointer, code, detail);
    }
}
