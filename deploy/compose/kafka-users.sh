#!/bin/bash
# Makes Kafka's users, or gives them the passwords of the environment; doing it again changes nothing else.
set -euo pipefail

give() {
  # In a file, because everyone on the machine can read the arguments of a process.
  /opt/kafka/bin/kafka-configs.sh --bootstrap-server localhost:19092 --alter --entity-type users \
    --entity-name "knowhow-$1" --add-config-file <(printf 'SCRAM-SHA-512=[password=%s]\n' "$2")
}

waiting=()
for user in admin discover share codify spread; do
  password=KAFKA_PASSWORD_${user^^}
  give "$user" "${!password:?}" &
  waiting+=($!)
done
for one in "${waiting[@]}"; do wait "$one"; done
