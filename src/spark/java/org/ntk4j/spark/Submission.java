package org.ntk4j.spark;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/** A job of tasks, one for each of some pieces, whose results come as they are ready. */
record Submission(JavaSparkContext context, Master master, Path log, Monitor monitor) {

    private static final long BETWEEN_LOOKS_MS = 50;
    private static final double PATIENCE = 30;

    /**
     * Does all of them, in the order given; returns after Ctrl-C too.
     *
     * @param take told of each result and the number of its piece, one at a time; a failure that it throws ends the job
     * @throws Failure if Spark gives up, or {@code take} does
     */
    <P, R> void all(List<P> pieces, Function1<Iterator<P>, R> task, ExecutorCount executors, ObjIntConsumer<R> take) {
        AtomicReference<Failure> failure = new AtomicReference<>();
        context.sc().addSparkListener(executors);
        context.setLocalProperty("spark.job.interruptOnCancel", "true");
        try {
            SimpleFutureAction<Boolean> action = context.sc().submitJob(context.parallelize(pieces, pieces.size()).rdd(), task,
                    CollectionConverters.asScala(IntStream.range(0, pieces.size()).<Object>mapToObj(i -> i).toList()).toSeq(),
                    (index, result) -> {
                        try {
                            take.accept(result, (Integer) index);
                        } catch (Failure e) {
                            failure.compareAndSet(null, e);
                        }
                        return BoxedUnit.UNIT;
                    }, () -> true);
            await(action, executors, failure);
        } finally {
            context.sc().removeSparkListener(executors);
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private void await(SimpleFutureAction<Boolean> action, ExecutorCount executors, AtomicReference<Failure> failure) {
        long began = System.nanoTime();
        boolean said = master.isThisProcess();
        while (!action.isCompleted()) {
            if (monitor.cancelled() || failure.get() != null) {
                action.cancel();
            }
            if (!said && executors.none() && 1e-9 * (System.nanoTime() - began) > PATIENCE) {
                said = true;
                monitor.note("no executor has come yet: does the cluster have cores and memory free? Spark's own words are in " + log);
            }
            try {
                Thread.sleep(BETWEEN_LOOKS_MS);
            } catch (InterruptedException e) {
                action.cancel();
                Thread.currentThread().interrupt();
                throw Failure.cancelled("stopped while computing on Spark");
            }
        }
        if (action.value().get().isFailure() && !monitor.cancelled()) {
            failure.compareAndSet(null, Faults.of(action.value().get().failed().get(), master, log));
        }
    }
}
