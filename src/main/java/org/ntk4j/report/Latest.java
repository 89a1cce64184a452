package org.ntk4j.report;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code latest}: a relative link to the run that finished last; a text file with its name where there are no links. */
final class Latest {

    static final String NAME = "latest";

    private Latest() {
    }

    static void point(Path parent, String run) throws IOException {
        // A name that no other run uses: two that finish at once replace the link one after the other.
        Path aside = parent.resolve("." + NAME + "-" + run);
        Files.deleteIfExists(aside);
        try {
            Files.createSymbolicLink(aside, Path.of(run));
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.writeString(aside, run + "\n");
        }
        try {
            Files.move(aside, parent.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
    }
}
