package org.ntk4j.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.Download;
import org.ntk4j.files.RemoteFile;
import org.ntk4j.shape.Shape;

/** Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): articles of clothing in the format of MNIST, 60,000 training and 10,000 test images. */
record FashionMnist(IdxFiles files) implements Source {

    private static final List<String> ARTICLES = List.of(
            "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot");

    private static final List<RemoteFile> FILES = List.of(
            new RemoteFile("train-images-idx3-ubyte.gz", 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            new RemoteFile("train-labels-idx1-ubyte.gz", 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            new RemoteFile("t10k-images-idx3-ubyte.gz", 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            new RemoteFile("t10k-labels-idx1-ubyte.gz", 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    private static final PublishedMeans PUBLISHED = new PublishedMeans("fashion-mnist", 6000, 0.2860);

    private static final Download MIRRORS = Download.from(
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://fashion-mnist.s3.eu-central-1.amazonaws.com/");

    /** From the data folder, else from the authors' page or public mirrors. */
    FashionMnist() {
        this(new IdxFiles("fashion-mnist", FILES, MIRRORS, false, "FashionMNIST/raw"));
    }

    @Override
    public String name() {
        return "fashion-mnist";
    }

    @Override
    public Shape shape() {
        return Mnist.SHAPE;
    }

    @Override
    public List<String> classNames() {
        return ARTICLES;
    }

    @Override
    public int[] counts(Part part) {
        int[] counts = new int[ARTICLES.size()];
        Arrays.fill(counts, part == Part.TRAIN ? 6000 : 1000);
        return counts;
    }

    @Override
    public boolean present(Path folder) {
        return files.present(folder);
    }

    @Override
    public void fetch(Settings settings, Monitor monitor) {
        files.fetch(settings.data(), monitor);
    }

    @Override
    public Pool load(Settings settings, Monitor monitor) {
        fetch(settings, monitor);
        Pool pool = files.load(settings.data(), Mnist.SHAPE, ARTICLES.size(), monitor);
        // Of files that were unpacked the checksum is not known.
        PUBLISHED.difference(pool.train(), ARTICLES.size(), Mnist.SHAPE.size()).ifPresent(monitor::note);
        return pool;
    }
}
