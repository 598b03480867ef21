#!/usr/bin/env bash
# Makes the secrets that no operator makes, with random values; what is there already stays. Nothing here is a secret.
#   production:  deploy/kubernetes/secrets.example.sh
#   trial:       export KAFKA_PASSWORD_DISCOVER=… MONGODB_DISCOVER=mongodb://… and so on, and say `trial` after the command
set -euo pipefail
cd "$(dirname "$0")/../.."
PYTHON=${PYTHON:-.venv/bin/python}

secret() { # name, then key=value for each file that the services read
  local name=$1 arguments=() pair
  shift
  kubectl --namespace knowhow get secret "$name" >/dev/null 2>&1 && return
  for pair in "$@"; do arguments+=("--from-literal=$pair"); done
  kubectl --namespace knowhow create secret generic "$name" "${arguments[@]}"
}

random() { openssl rand -hex 32; }

gateway_key() { "$PYTHON" -c 'from shared.identity.signatures import new_key; print(new_key("codify-gateway"))'; }

secret knowhow-shared "knowhow_author_key=$(random)"
secret knowhow-gateway "knowhow_gateway_key=$(gateway_key)"

if [ "${1:-production}" = trial ]; then
  for service in DISCOVER SHARE CODIFY SPREAD; do
    kafka=KAFKA_PASSWORD_$service mongodb=MONGODB_$service
    more=()
    [ "$service" = SPREAD ] && more=("knowhow_opensearch_password=$OPENSEARCH_PASSWORD")
    secret "knowhow-${service,,}" "knowhow_kafka_password=${!kafka}" "knowhow_mongodb=${!mongodb}" "${more[@]}"
  done
  secret knowhow-topics "knowhow_kafka_password=$KAFKA_PASSWORD_TOPICS"
else
  for service in discover share codify spread; do
    secret "knowhow-$service-mongodb-password" "password=$(random)"
  done
  secret knowhow-spread-opensearch "password=$(random)"
fi
