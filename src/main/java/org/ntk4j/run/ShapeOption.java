package org.ntk4j.run;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The option {@code --shape}: the sizes of one input, channels last. */
final class ShapeOption {

    private ShapeOption() {
    }

    /** Its sizes; none where it is not given, or wrong, which is noted. */
    static int[] sizes(@Nullable String text, List<String> mistakes) {
        if (text == null) {
            return new int[0];
        }
        if (!text.strip().matches("[1-9]\\d{0,8}(\\s*,\\s*[1-9]\\d{0,8})*")) {
            mistakes.add("--shape: '" + text + "' is not a list of sizes, channels last, such as 8,8,3");
            return new int[0];
        }
        return Arrays.stream(text.split(",")).map(String::strip).mapToInt(Integer::parseInt).toArray();
    }
}
