package org.ntk4j.spark;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/** A job whose results are small and come back in order. */
record Work(JavaSparkContext context, Master master, Path log) {

    private static final long BETWEEN_LOOKS_MS = 5;

    /**
     * Its results, partition by partition.
     *
     * @param what for the progress, which counts partitions; empty if it takes no time worth telling
     * @throws Failure if Spark gives up, or after Ctrl-C
     */
    <T> List<T> results(String what, JavaRDD<T> parts, Monitor monitor) {
        ExecutorCount executors = new ExecutorCount();
        context.sc().addSparkListener(executors);
        context.setLocalProperty("spark.job.interruptOnCancel", "true");
        try (Monitor.Task task = (what.isEmpty() ? Monitor.silent() : monitor).begin(what, parts.getNumPartitions())) {
            JavaFutureAction<List<T>> action = parts.collectAsync();
            while (!action.isDone()) {
                if (monitor.cancelled()) {
                    action.cancel(true);
                    throw Failure.cancelled("stopped while computing on Spark");
                }
                task.done(executors.ended(), executors.toString());
                Thread.sleep(BETWEEN_LOOKS_MS);
            }
            return action.get();
        } catch (ExecutionException e) {
            throw Faults.of(e, master, log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.cancelled("stopped while computing on Spark");
        } finally {
            context.sc().removeSparkListener(executors);
        }
    }
}
