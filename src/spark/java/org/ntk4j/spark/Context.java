package org.ntk4j.spark;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;

/** Spark's own entry, one for a process. */
final class Context {

    private static final String HOST = "127.0.0.1";

    private Context() {
    }

    /**
     * The one of this process; opened where it is not yet.
     *
     * @param log where Spark's warnings go
     * @throws Failure if the master does not answer or cannot be used from here
     */
    static JavaSparkContext open(Master master, Path log) {
        if (SparkEnv.get() != null) {
            return JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
        }
        master.check();
        SparkConf conf = conf(master);
        boolean submitted = conf.contains("spark.submit.deployMode") || conf.contains("spark.app.submitTime");
        if (!submitted && (master.text().startsWith("yarn") || master.text().startsWith("k8s"))) {
            throw Failure.input("--spark " + master.text() + ": such a cluster is reached through Spark's own spark-submit, which knows "
                    + "it; the documentation (spark.md) has the command");
        }
        SparkLog.to(log);
        try {
            return JavaSparkContext.fromSparkContext(SparkContext.getOrCreate(conf));
        } catch (RuntimeException | ExceptionInInitializerError | NoClassDefFoundError e) {
            throw Faults.of(e, master, log);
        }
    }

    private static SparkConf conf(Master master) {
        SparkConf conf = new SparkConf().setMaster(master.url()).setAppName("ntk4j");
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.task.maxFailures", "4");
        if (master.isLocal()) {
            conf.setIfMissing("spark.driver.host", HOST);
            conf.setIfMissing("spark.driver.bindAddress", HOST);
            conf.setIfMissing("spark.local.dir", scratch().toString());
        }
        if (master.coresPerExecutor() > 0) {
            conf.setIfMissing("spark.executor.memory", master.megabytes() + "m");
        }
        if (!master.isThisProcess()) {
            conf.setIfMissing("spark.executor.extraClassPath", classPath());
            conf.setIfMissing("spark.executorEnv.SPARK_SCALA_VERSION", "2.13");
            for (Map.Entry<String, String> variable : Map.of("OPENBLAS_NUM_THREADS", "1", "TF_CPP_MIN_LOG_LEVEL", "3",
                    "TF_OVERRIDE_GLOBAL_THREADPOOL", "1").entrySet()) {
                conf.setIfMissing("spark.executorEnv." + variable.getKey(), variable.getValue());
            }
            conf.setIfMissing("spark.executor.extraJavaOptions", options());
        }
        return conf;
    }

    /** What tells Java how to compile the loops of kernels; Spark adds what it needs itself, vector instructions among it. */
    private static String options() {
        return "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dfile.encoding=UTF-8"
                + ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> a.startsWith("-XX:CompileCommandFile=") && !a.contains(" ")).map(a -> " " + a).collect(Collectors.joining());
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(p -> Path.of(p).toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator));
    }

    private static Path scratch() {
        Path folder = Settings.cache().resolve("spark");
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw Failure.run(folder + ": Spark's temporary files cannot be written there (" + e.getMessage() + ")", e);
        }
    }
}
