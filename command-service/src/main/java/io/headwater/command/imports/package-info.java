/// Imports: files of rows become records of a model, in the background, each row once, whatever is
/// killed when.
@NullMarked
package io.headwater.command.imports;

import org.jspecify.annotations.NullMarked;
