package org.ntk4j.data;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.ntk4j.files.Download;
import org.ntk4j.files.RemoteFile;

/** Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): articles of clothing in the format of MNIST, 60,000 training and 10,000 test images. */
final class FashionMnist {

    private static final String NAME = "fashion-mnist";
    private static final int EACH_TRAIN = 6000;
    private static final int EACH_TEST = 1000;

    private static final List<String> ARTICLES = List.of(
            "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot");

    private static final List<RemoteFile> FILES = List.of(
            new RemoteFile("train-images-idx3-ubyte.gz", 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            new RemoteFile("train-labels-idx1-ubyte.gz", 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            new RemoteFile("t10k-images-idx3-ubyte.gz", 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            new RemoteFile("t10k-labels-idx1-ubyte.gz", 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    // Of files that were unpacked the checksum is not known.
    private static final PublishedMeans PUBLISHED = new PublishedMeans(NAME, EACH_TRAIN, 0.2860);

    private static final Download MIRRORS = Download.from(
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://fashion-mnist.s3.eu-central-1.amazonaws.com/");

    private FashionMnist() {
    }

    /** From the data folder, else from the authors' page or public mirrors. */
    static Source source() {
        return new IdxImages(new IdxFiles(NAME, FILES, MIRRORS, false, "FashionMNIST/raw"), ARTICLES,
                Collections.nCopies(ARTICLES.size(), EACH_TRAIN), Collections.nCopies(ARTICLES.size(), EACH_TEST), Optional.of(PUBLISHED));
    }
}
