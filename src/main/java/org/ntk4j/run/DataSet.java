package org.ntk4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A data set that is fetched into the data folder.
 *
 * @param name  its name in a definition
 * @param files the files that it consists of, in {@code DATA/NAME} or in {@code DATA}, each gzip or not
 */
record DataSet(String name, List<String> files) {

    private static final List<String> IDX =
            List.of("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    /** Those that there are. */
    static List<DataSet> fetched() {
        return List.of(new DataSet("mnist", IDX), new DataSet("fashion-mnist", IDX), new DataSet("cifar10", List.of("cifar-10-batches-bin")));
    }

    /** The files that are not there. */
    List<String> missing(Path folder) {
        return files.stream().filter(file -> !isThere(folder.resolve(name), file) && !(name.equals("mnist") && isThere(folder, file))).toList();
    }

    private static boolean isThere(Path folder, String file) {
        return Files.exists(folder.resolve(file)) || Files.exists(folder.resolve(file + ".gz"));
    }
}
