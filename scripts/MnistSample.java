import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.ntk4j.data.Draw;
import org.ntk4j.data.Idx;

/**
 * Draws the data set mnist-sample from the files of MNIST: 100 training and 10 test images of each digit, seed 0.
 * Run after a build, from the repository's folder:
 *
 * java -cp target/classes scripts/MnistSample.java DATA/mnist src/main/resources/org/ntk4j/data/mnist-sample
 */
public class MnistSample {

    public static void main(String[] folders) throws Exception {
        if (folders.length != 2) {
            System.err.println("usage: java -cp target/classes scripts/MnistSample.java FOLDER-OF-MNIST FOLDER-OF-SAMPLE");
            System.exit(2);
        }
        Path from = Path.of(folders[0]);
        Path to = Files.createDirectories(Path.of(folders[1]));
        draw(from, to, "train", 1000);
        draw(from, to, "t10k", 100);
    }

    private static void draw(Path from, Path to, String part, int count) throws Exception {
        String images = part + "-images-idx3-ubyte.gz";
        String labels = part + "-labels-idx1-ubyte.gz";
        int[] all = Idx.labels(from.resolve(labels), 10);
        int[] drawn = Draw.balanced(all, IntStream.range(0, 10).toArray(), count, 0, "images of " + from);
        Idx.write(Idx.images(from.resolve(images)).select(drawn), to.resolve(images));
        Idx.write(Arrays.stream(drawn).map(i -> all[i]).toArray(), to.resolve(labels));
        System.out.println(part + ": " + count + " images from " + from + " to " + to);
    }
}
