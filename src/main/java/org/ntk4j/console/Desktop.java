package org.ntk4j.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Shows a file to whoever sits before the screen. */
public final class Desktop {

    private Desktop() {
    }

    /** Opens a file in the program that the desktop has for it; false where there is no desktop. */
    public static boolean open(Path file) {
        Optional<String> opener = opener();
        if (opener.isEmpty()) {
            return false;
        }
        try {
            new ProcessBuilder(opener.get(), file.toAbsolutePath().toString()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<String> opener() {
        if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")) {
            return System.getenv("SSH_CONNECTION") == null ? Optional.of("open") : Optional.empty();
        }
        boolean screen = has("DISPLAY") || has("WAYLAND_DISPLAY");
        return screen ? Optional.of("xdg-open") : Optional.empty();
    }

    private static boolean has(String variable) {
        String value = System.getenv(variable);
        return value != null && !value.isBlank();
    }
}
