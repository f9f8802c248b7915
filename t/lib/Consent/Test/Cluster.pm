package Consent::Test::Cluster;

# Nodes of one portal, each an nginx with a store of its own, and a real Redis.
#
#   my $c = Consent::Test::Cluster->new(nodes => 3);
#   $c->redis;                          # starts it, or starts it again
#   $c->run;                            # and the nodes
#   my $who = $c->citizen;              # has decided nothing yet
#   $c->decide($who, 0, 'forms');       # at node 0; dies unless it is acknowledged
#   $c->seen($who, 1);                  # level that node 1 knows of her
#   $c->everywhere($who, 'needed')   # waits until all nodes say so
#
# redis_kill, redis_pause, redis_go_on, redis_save; redis_ask(words) talks to it.
# Options: nodes; main => more configuration outside of http; at => where the nodes find Redis (consent_cluster's first
# parameter); node => function that is given a node's number and returns more
# parameters; http => more configuration; redis => options of redis-server.

use strict;
use warnings;

use IO::Socket::INET;
use JSON::PP ();
use Time::HiRes qw(sleep time);

use Consent::Test ();
use Consent::Test::Citizen;

my $json = JSON::PP->new->utf8->canonical;


sub new {
    my ($class, %o) = @_;

    my $self = bless { n => 3, args => [], %o }, $class;
    $self->{n} = $o{nodes} if $o{nodes};

    my $first = Consent::Test->new;
    $first->keys(name => 'node0.example');
    $self->{nodes} = [$first];
    $self->{port} = $first->port('redis');

    $self->add for 2 .. $self->{n};
    $_->policy for @{$self->{nodes}};

    return $self;
}


# One node more; it is not started.
sub add {
    my ($self) = @_;

    my $t = Consent::Test->new;
    my $n = @{$self->{nodes}};

    $t->keys(name => "node$n.example", with => $self->{nodes}[0]->path('keys'));
    push @{$self->{nodes}}, $t;
    $t->policy;

    return $n;
}


sub node  { return $_[0]{nodes}[$_[1]] }
sub nodes { return @{$_[0]{nodes}} }


sub run {
    my ($self, @which) = @_;

    @which = (0 .. $#{$self->{nodes}}) if !@which;

    for my $n (@which) {
        $self->node($n)->run($self->conf($n), workers => 2, main => $self->{main} // '');
    }
}


sub conf {
    my ($self, $n) = @_;

    my $at = ref $self->{at} ? $self->{at}->($n) : $self->{at} // "redis://127.0.0.1:$self->{port}";
    my $more = $self->{node} ? $self->{node}->($n) : '';
    my $http = $self->{http} // '';

    return <<"EOT";
    %%CONSENT%%
    consent_cluster $at $more;
    $http

    server {
        listen 127.0.0.1:%%PORT_0%%;

        location /.privacy/ {
            consent_pages;
        }

        location /metrics {
            consent_metrics allow=127.0.0.1;
        }
    }
EOT
}


sub redis {
    my ($self, @args) = @_;

    my $dir = $self->node(0)->path('redis');
    mkdir $dir;

    $self->{pid} = fork() // die "fork: $!\n";

    if (!$self->{pid}) {
        open STDOUT, '>>', "$dir/log";
        open STDERR, '>&', \*STDOUT;
        exec 'redis-server', '--port', $self->{port}, '--bind', '127.0.0.1', '--dir', $dir, '--save', '',
            '--appendonly', 'no', '--daemonize', 'no', @{$self->{args}}, @args or exit 1;
    }

    # whoever ends the test ends it
    push @{$self->node(0)->{daemons}}, $self->{pid};

    $self->node(0)->wait_for(sub { ($self->redis_ask('PING') // '') =~ /PONG|NOAUTH/ }) or die "no redis-server\n";
}


sub redis_kill {
    my ($self) = @_;

    kill 'KILL', $self->{pid};
    waitpid $self->{pid}, 0;
    @{$self->node(0)->{daemons}} = grep { $_ != $self->{pid} } @{$self->node(0)->{daemons}};
}


sub redis_pause { kill 'STOP', $_[0]{pid} }
sub redis_go_on { kill 'CONT', $_[0]{pid} }


# One command, and the first line of its answer; undef when there is none.
sub redis_ask {
    my ($self, @words) = @_;

    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}, Timeout => 2) or return;

    print $s '*' . @words . "\r\n" . join('', map { '$' . length($_) . "\r\n$_\r\n" } @words);
    my $line = <$s>;
    return if !defined $line;
    $line =~ s/\r\n//;

    return $line =~ /^\$(\d+)/ ? do { my $bytes; read($s, $bytes, $1); $bytes } : $line;
}


sub stream {
    my ($self) = @_;

    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}) or return;
    print $s "KEYS consent:*:stream\r\n";
    my ($count, $len, $name) = map { scalar <$s> } 1 .. 3;

    return $name =~ s/\r\n//r;
}


# She keeps the cookie that she was given first: what a node then says of her
# it knows from its store.
sub citizen {
    my ($self) = @_;

    return { browser => Consent::Test::Citizen->new($self->node(0)) };
}


sub policy_version {
    my ($self) = @_;

    return $self->{version} //= $json->decode($self->node(0)->read('policy.json'))->{version};
}


# At a node; the answer's status.
sub try {
    my ($self, $who, $n, $level, %o) = @_;

    my $b = $who->{browser};
    local $b->{t} = $self->node($n);

    my $r = $level eq 'erase' ? $b->json('DELETE', '/.privacy/api/v1/record')
        : $b->json('PUT', '/.privacy/api/v1/state', json => { policy_version => $self->policy_version,
            level => $level, scope => 'standing' });

    $who->{old} //= $b->{jar}{consent} if $r->status == 200;

    return $r->status;
}


sub decide {
    my ($self, $who, $n, $level) = @_;

    my $status = $self->try($who, $n, $level);
    die "not decided at node $n: $status\n" if $status !~ /^20[04]$/;
}


# What a node's store says of her.
sub seen {
    my ($self, $who, $n) = @_;

    my $r = $self->node($n)->request('GET', '/.privacy/api/v1/state', headers => [Accept => 'application/json'],
        cookie => "consent=$who->{old}");
    my $state = $r->status == 200 ? $r->json : {};

    return $state->{status} && $state->{status} eq 'none' ? 'none' : $state->{level} // 'unknown';
}


sub everywhere {
    my ($self, $who, $level, $seconds) = @_;

    for my $n (0 .. $#{$self->{nodes}}) {
        next if !$self->node($n)->pid;
        $self->node(0)->wait_for(sub { $self->seen($who, $n) eq $level }, $seconds // 15) or do {
            Test::More::diag("node $n says " . $self->seen($who, $n) . ", not $level");
            return 0;
        };
    }

    return 1;
}


sub figure {
    my ($self, $n, $name) = @_;

    my $text = $self->node($n)->get('/metrics')->body;

    return $text =~ /^consent_$name (\d+)$/m ? $1 : undef;
}


# Clock ticks of CPU time that a node's workers have used.
sub ticks {
    my ($self, $n) = @_;

    my $sum = 0;

    for my $pid ($self->node($n)->workers) {
        open my $f, '<', "/proc/$pid/stat" or next;
        my @stat = split ' ', <$f> =~ s/^.*\) //sr;
        $sum += $stat[11] + $stat[12];
    }

    return $sum;
}


# Figures are written once a beat: those of after now say that nothing of these
# nodes is on its way any more, and nothing missing.
sub settled {
    my ($self, @nodes) = @_;

    my $since = int time;

    return $self->node($nodes[0])->wait_for(sub {
        !grep {
            ($self->figure($_, 'cluster_contact_seconds') // 0) <= $since || $self->figure($_, 'cluster_outgoing')
                || $self->figure($_, 'cluster_gaps');
        } @nodes;
    }, 40);
}


1;
