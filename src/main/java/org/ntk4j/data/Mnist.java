package org.ntk4j.data;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.files.Download;
import org.ntk4j.files.RemoteFile;

/** The MNIST database of handwritten digits (LeCun, Cortes, Burges): 60,000 training and 10,000 test images. */
final class Mnist {

    static final List<String> DIGITS = IntStream.range(0, 10).mapToObj(String::valueOf).toList();

    private static final List<Integer> TRAIN = List.of(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
    private static final List<Integer> TEST = List.of(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);

    private static final List<RemoteFile> FILES = List.of(
            new RemoteFile("train-images-idx3-ubyte.gz", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
            new RemoteFile("train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
            new RemoteFile("t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
            new RemoteFile("t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"));

    private static final Download MIRRORS = Download.from(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://systemds.apache.org/assets/datasets/mnist/");

    private Mnist() {
    }

    /** From the data folder, else from public mirrors. */
    static Source source() {
        return of(new IdxFiles("mnist", FILES, MIRRORS, true, "MNIST/raw"));
    }

    static Source of(IdxFiles files) {
        return new IdxImages(files, DIGITS, TRAIN, TEST, Optional.empty());
    }
}
