/** Embedded topics have one partition; asking for another is a mistake in the program. */
export function refuseOtherPartition(topic: string, partition: number): void {
  if (partition !== 0) throw new RangeError(`Topic ${topic} has partition 0 only, not ${partition}. Take it from partitionOf(camera).`);
}
