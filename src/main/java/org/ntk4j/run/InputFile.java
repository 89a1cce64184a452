package org.ntk4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ntk4j.files.WholeFile;

/** Checks of what the command line names, before any work. */
final class InputFile {

    private InputFile() {
    }

    /** Notes a file that is not there or cannot be read. */
    static void check(Path file, List<String> mistakes) {
        if (Files.isDirectory(file)) {
            mistakes.add(file + ": this is a folder, not a file");
        } else if (!Files.exists(file)) {
            mistakes.add(file + ": there is no such file");
        } else if (WholeFile.isPipe(file)) {
            mistakes.add(file + ": this is a pipe or a device, not a file");
        } else if (!Files.isReadable(file)) {
            mistakes.add(file + ": there is no permission to read it");
        }
    }

    /** Notes every {@code --set} that is not {@code KEY=VALUE}. */
    static void checkChanges(List<String> changes, List<String> mistakes) {
        for (String change : changes) {
            if (!change.matches("(?s)[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*=.*")) {
                mistakes.add("--set: '" + change + "' is not KEY=VALUE, such as network.mlp.width=512");
            }
        }
    }
}
